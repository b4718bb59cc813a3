"""Two nodes with folders of their own, one database and one place of pictures, behind a balancer: readers see one site."""

import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from backnumber.archive.models import Article
from backnumber.readers.models import Reader
from backnumber.website.pictures import address
from tests.leaks.proxies import balancer
from tests.serving import serving
from tests.sink import free_port
from tests.website.pictures import a_picture

pytestmark = pytest.mark.django_db(transaction=True)
GATED = "middlecanary1"


def ask(port: int, path: str, cookie: str = "") -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("GET", path, headers={"Host": f"localhost:{port}", **({"Cookie": cookie} if cookie else {})})
    answer = line.getresponse()
    text = answer.read().decode(errors="replace")
    line.close()
    return answer.status, text


def within(seconds: float, true: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not true():
        time.sleep(0.05)
    return true()


def test_two_nodes_behind_a_balancer_are_one_site(
    tmp_path: Path, gated: Article, ada: Reader, settings: Settings
) -> None:
    shared = tmp_path / "shared"
    settings.MEDIA_ROOT = str(shared)
    pictures = [a_picture(), a_picture(name="plan.png")]
    lost = a_picture(name="lost.png")
    Path(lost.file.path).unlink()
    client = Client()
    client.force_login(ada)
    signed_in = f"sessionid={client.cookies['sessionid'].value}"
    path, port = gated.get_absolute_url(), free_port()
    more = {"BACKNUMBER_PICTURES": str(shared), "BACKNUMBER_ADDRESS": f"http://localhost:{port}"}
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    with (
        serving(tmp_path / "one", more=more) as one,
        serving(tmp_path / "two", more=more) as two,
        balancer(tmp_path / "balancer", port, [one.port, two.port]),
    ):
        for node in (one.port, two.port, port, port):
            assert [ask(node, address(picture, 480))[0] for picture in pictures] == [200, 200]
            assert ask(node, "/readyz")[0] == 200
            status, text = ask(node, path)
            assert (status, GATED in text) == (200, False)
            status, text = ask(node, path, signed_in)
            assert (status, GATED in text) == (200, True)
        assert ask(one.port, address(lost, 480))[0] == 404
        assert within(5, lambda: lost.file.name in one.log)  # said once, by the node that was asked
        Article.objects.filter(pk=gated.pk).update(headline="Renamed while both served")
        assert within(2, lambda: all("Renamed while both" in ask(n, path)[1] for n in (one.port, two.port)))
        added = a_picture(name="added.png")
        assert [ask(port, address(added, 480))[0] for _ in range(4)] == [200] * 4
