"""Where the files of pictures lie: a folder, or S3. One setting says it (BACKNUMBER_PICTURES), and every node is given the same.

Whoever asks for a picture asks this site, wherever its file is: no address of S3 is ever told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from storages.backends.s3 import S3Storage

from backnumber.archive.pictures import Picture


class PicturesInS3(S3Storage):
    """The address of a file is the admin's own, as it is of one in a folder: the gate stands before both.

    Errors: OSError wherever S3 cannot be reached or refuses, as of a folder.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(
            Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 1})
        )

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _as_of_a_folder():
            opened = super()._open(name, mode)
            if "r" in mode:
                opened.file  # noqa: B018  # it is fetched here, not at the first byte that is read
            return opened

    def _save(self, name: str, content: Any) -> str:
        with _as_of_a_folder():
            return str(super()._save(name, content))

    def exists(self, name: str) -> bool:
        with _as_of_a_folder():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _as_of_a_folder():
            folders, names = super().listdir(name)
            return folders, names

    def delete(self, name: str) -> None:
        with _as_of_a_folder():
            super().delete(name)

    def url(self, name: str, *args: object, **kwargs: object) -> str:
        return f"{settings.MEDIA_URL}{quote(name)}"


@contextmanager
def _as_of_a_folder() -> Iterator[None]:
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise OSError(str(error)) from error


def place() -> str:
    """Promise: where the pictures lie, for people."""
    if isinstance(default_storage, FileSystemStorage):
        return str(default_storage.location)
    options = settings.STORAGES["default"]["OPTIONS"]
    return f"s3://{options['bucket_name']}/{options['location']}".rstrip("/")


def without_file() -> list[Picture]:
    """Promise: the pictures whose original is not in the storage. Errors: OSError when the storage cannot be reached."""
    pictures = Picture.objects.order_by("pk")
    if isinstance(default_storage, FileSystemStorage):
        return [picture for picture in pictures.iterator() if not default_storage.exists(picture.file.name)]
    there: set[str] = set()
    for folder in {picture.file.name.rpartition("/")[0] for picture in pictures.iterator()}:
        there.update(_names(default_storage, folder))
    return [picture for picture in pictures.iterator() if picture.file.name not in there]


def _names(storage: Storage, folder: str) -> Iterator[str]:
    """Asked for by the thousand, not one by one."""
    _, names = storage.listdir(folder)
    yield from (f"{folder}/{name}" if folder else name for name in names)
