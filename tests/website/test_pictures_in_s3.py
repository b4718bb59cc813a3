"""Pictures in S3 are served through the same gate as those in a folder, and no address of S3 is ever told."""

from collections.abc import Iterator

import boto3
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from moto.server import ThreadedMotoServer
from pytest_django.fixtures import Settings

from backnumber import settings as project
from backnumber.archive.models import Picture, Rights
from backnumber.archive.storage import place, without_file
from backnumber.readers.models import Reader
from backnumber.website.pictures import address
from tests.sink import free_port
from tests.website.pictures import a_drawing, a_picture

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """An S3 server of our own, which holds an empty bucket."""
    with pytest.MonkeyPatch.context() as keys:
        keys.setenv("AWS_ACCESS_KEY_ID", "testing")
        keys.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        keys.setenv("AWS_DEFAULT_REGION", "eu-west-2")
        server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
        server.start()
        host, port = server.get_host_and_port()
        where = f"http://{host}:{port}"
        boto3.client("s3", endpoint_url=where).create_bucket(
            Bucket="magazine", CreateBucketConfiguration={"LocationConstraint": "eu-west-2"}
        )
        yield where
        server.stop()


@pytest.fixture(autouse=True)
def in_s3(endpoint: str, settings: Settings) -> str:
    _, storage = project._pictures(f"s3://magazine/pictures?endpoint={endpoint}")
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    return endpoint


def bucket(endpoint: str) -> list[str]:
    found = boto3.client("s3", endpoint_url=endpoint).list_objects_v2(Bucket="magazine")
    return [one["Key"] for one in found.get("Contents", [])]


def test_a_picture_and_its_sizes_lie_in_the_bucket_and_are_served_by_us(endpoint: str) -> None:
    picture = a_picture()
    answer = Client().get(address(picture, 480))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Cache-Control"].startswith("private")
    drawing = a_drawing()
    assert b"<svg" in Client().get(address(drawing, 1600)).content
    names = bucket(endpoint)
    assert f"pictures/{picture.file.name}" in names
    assert [name for name in names if "width-480" in name]
    assert Client().get(address(picture, 480)).content == answer.content  # the size that is there already


def test_a_withheld_picture_is_answered_as_nothing_at_once() -> None:
    picture = a_picture()
    where = address(picture, 480)
    assert Client().get(where).status_code == 200
    Picture.objects.filter(pk=picture.pk).update(rights=Rights.PRINT_ONLY)
    assert Client().get(where).status_code == 404


def test_no_address_of_the_bucket_is_told_and_the_original_is_for_those_who_tend_it(
    client: Client, staff: Reader, dan: Reader, endpoint: str
) -> None:
    picture = a_picture()
    assert picture.file.url == f"/pictures/originals/{picture.file.name}"
    client.force_login(dan)
    assert client.get(picture.file.url).status_code == 404
    client.force_login(staff)
    seen = client.get(picture.file.url)
    assert seen.status_code == 200
    assert b"".join(seen.streaming_content).startswith(b"\x89PNG")  # type: ignore[attr-defined]
    page = client.get(f"/admin/images/{picture.pk}/").content.decode()
    told = {part: part in page for part in ("/pictures/originals/", endpoint, "amazonaws", "s3://")}
    assert told == {"/pictures/originals/": True, endpoint: False, "amazonaws": False, "s3://": False}
    assert client.get("/pictures/originals/original_images/nothing.png").status_code == 404


def test_a_picture_without_its_file_is_named(caplog: pytest.LogCaptureFixture) -> None:
    kept, lost = a_picture(), a_picture(name="lost.png")
    assert without_file() == []
    default_storage.delete(lost.file.name)
    assert without_file() == [lost]
    assert kept not in without_file()
    assert place() == "s3://magazine/pictures"
    assert Client().get(address(lost, 480)).status_code == 404
    assert Client().get(address(lost, 480)).status_code == 404
    told = [record.getMessage() for record in caplog.records if record.name == "backnumber.website.pictures"]
    assert len(told) == 1
    assert lost.file.name in told[0]


def test_a_bucket_that_cannot_be_reached_is_a_picture_that_is_not_there(settings: Settings) -> None:
    picture = a_picture()
    _, storage = project._pictures(f"s3://magazine/pictures?endpoint=http://127.0.0.1:{free_port()}")
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    assert Client().get(address(picture, 480)).status_code == 404


@pytest.mark.parametrize("wrong", ["s3://", "s3:///prefix", "s3://bucket?acl=public-read"])
def test_an_address_of_pictures_that_is_wrong_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="BACKNUMBER_PICTURES must look like"):
        project._pictures(wrong)
