"""From degrees to the plane of the map: the Natural Earth projection, in units of which the world is 10,000 wide. Pure.

Formula: B. Šavrič, B. Jenny, T. Patterson, D. Petrovič, L. Hurni, "A Polynomial Equation for the Natural Earth Projection",
Cartography and Geographic Information Science 38 (2011).
"""

from math import pi, radians

WIDTH = 10_000
SCALE = WIDTH / (2 * pi * 0.870700)


def projected(latitude: float, longitude: float) -> tuple[int, int]:
    """Promise: where a place lies on the map: to the right of its left edge, down from the pole. Degrees, north and east positive."""
    phi, lam = radians(latitude), radians(longitude)
    two = phi * phi
    four = two * two
    across = lam * (
        0.870700 - 0.131979 * two + four * (-0.013791 + four * (0.003971 * two - 0.001529 * four))
    )
    up = phi * (1.007226 + two * (0.015085 + four * (-0.044475 + 0.028874 * two - 0.005916 * four)))
    return round(WIDTH / 2 + SCALE * across), round(SCALE * (1.4222 - up))
