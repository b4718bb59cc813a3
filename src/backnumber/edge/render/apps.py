from importlib import import_module

from django.apps import AppConfig


class RenderConfig(AppConfig):
    name = "backnumber.edge.render"
    label = "edge"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What is published in the admin is rendered. Tables are not known any earlier than this."""
        import_module("backnumber.edge.render.publishing")
