from importlib import import_module

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    name = "backnumber.website"
    label = "website"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The press prints the website's pages. Tables are not known any earlier than this."""
        import_module("backnumber.website.printed_lists").register_all()
