from importlib import import_module

from django.apps import AppConfig


class PastConfig(AppConfig):
    name = "backnumber.past"
    label = "past"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is published in the admin is read. Tables are not known any earlier than this."""
        import_module("backnumber.past.publishing")
