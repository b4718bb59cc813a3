from importlib import import_module

from django.apps import AppConfig


class PressConfig(AppConfig):
    name = "backnumber.press"
    label = "press"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is published in the admin is printed. Tables are not known any earlier than this."""
        import_module("backnumber.press.publishing")
