"""Django's PostgreSQL backend, on the embedded server: connecting is what starts it."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from backnumber.embedded import server

MAIN_DATABASE = "backnumber"


class DatabaseWrapper(base.DatabaseWrapper):
    """`OPTIONS["folder"]` names the data folder of the server."""

    def get_connection_params(self) -> dict[str, Any]:
        """Promise: parameters of a server that answers."""
        options = dict(self.settings_dict["OPTIONS"])
        folder = Path(options.pop("folder"))
        plain = {**self.settings_dict, "OPTIONS": options}
        params: dict[str, Any] = _params(self, plain)
        return {**params, **server.conninfo(folder, MAIN_DATABASE)}


def _params(wrapper: base.DatabaseWrapper, settings: dict[str, Any]) -> dict[str, Any]:
    kept = wrapper.settings_dict
    wrapper.settings_dict = settings
    try:
        return base.DatabaseWrapper.get_connection_params(wrapper)
    finally:
        wrapper.settings_dict = kept
