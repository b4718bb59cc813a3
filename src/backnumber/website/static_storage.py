"""Addresses of static files. Apart from `built.py`, for a server needs the addresses and not the tools that make the files."""

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """Addresses with a digest once static files are collected; plain ones before, in tests and while
    developing.
    """

    def stored_name(self, name: str) -> str:
        if not self.hashed_files and not settings.PRODUCTION:
            return self.clean_name(name)
        return super().stored_name(name)
