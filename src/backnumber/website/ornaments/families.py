"""The families of ornaments. An issue is given its family by the place in this list: another order draws other covers."""

from collections.abc import Callable

from backnumber.website.ornaments.charts import astrolabe, fortress, rhumbs
from backnumber.website.ornaments.engraving import Box, Chance, Inks
from backnumber.website.ornaments.hills import contours, ridges
from backnumber.website.ornaments.patterns import guilloche, knot, marbling, rosette, scales, window

Family = Callable[[Chance, Box, Inks], str]
FAMILIES: tuple[Family, ...] = (
    guilloche,
    fortress,
    contours,
    rosette,
    rhumbs,
    scales,
    astrolabe,
    ridges,
    knot,
    window,
    marbling,
)
