"""Who asks in the measurements, with the cookies that the site itself has given them."""

from collections.abc import Mapping

from door.asking import Answer, ask
from door.site import BenchSite

BR = {"Accept-Encoding": "br"}
AS_IT_IS = {"Accept-Encoding": "identity"}


def cookie(**named: str) -> Mapping[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in named.items())}


def subscriber(site: BenchSite, port: int) -> Mapping[str, str]:
    """Promise: her session, and a pass fresh from Django: it is good for five minutes."""
    session = {site.cast["cookie"]: site.cast["session"]}
    given = ask(port, site.addresses[0], cookie(**session)).cookies
    return cookie(**session, **{"pass": given["pass"]})


def metered(address: str, port: int) -> Mapping[str, str]:
    """Promise: nobody in particular who has opened this metered article before."""
    return cookie(reads=ask(port, address).cookies["reads"])


def gifted(site: BenchSite, port: int) -> Mapping[str, str]:
    """Promise: somebody who came by the subscriber's link to the first article."""
    return cookie(gift=ask(port, site.cast["gift"]).cookies["gift"])


def expect(answer: Answer, *, status: int = 200, front: bool = True, least: int = 0) -> Answer:
    """Promise: the answer, if it is what is to be measured. Errors: RuntimeError; a number for something else would be wrong."""
    if answer.status != status or answer.is_fronts != front or len(answer.body) < least:
        found = f"status {answer.status}, {len(answer.body)} bytes, front {answer.is_fronts}"
        raise RuntimeError(f"expected status {status}, at least {least} bytes, front {front}; found {found}")
    return answer
