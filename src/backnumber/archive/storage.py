"""Where the files of pictures lie: a folder, or S3. One setting says it (BACKNUMBER_PICTURES), and every node is given the same.

Whoever asks for a picture asks this site, wherever its file is: no address of S3 is ever told.
"""

from collections.abc import Iterator

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from backnumber.archive.pictures import Picture


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
