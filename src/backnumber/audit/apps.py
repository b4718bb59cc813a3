from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "backnumber.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(_watch, sender=self, dispatch_uid="backnumber.audit")


def _watch(using: str, **_kwargs: Any) -> None:
    """Django tells of every migration that was run: tables that are new are watched too."""
    from backnumber.audit.watching import watch  # noqa: PLC0415  # models are not there yet when apps are read

    watch(using)
