from importlib import import_module

from django.apps import AppConfig


class ReadersConfig(AppConfig):
    name = "backnumber.readers"
    label = "readers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every sign-in is heard of, also before the first request. Tables are not known any earlier than this."""
        import_module("backnumber.readers.middleware")
