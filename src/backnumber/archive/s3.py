"""Pictures in S3 (docs/configure.md, BACKNUMBER_PICTURES). Loaded only where they are: the client is large."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from storages.backends.s3 import S3Storage


class PicturesInS3(S3Storage):
    """The address of a file is the admin's own, as it is of one in a folder: the gate stands before both.

    Errors: OSError wherever S3 cannot be reached or refuses, as of a folder.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        short = Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 1})
        self.client_config: Config = self.client_config.merge(short)

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
