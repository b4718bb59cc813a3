from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import CharField

from backnumber.characters import one_line


class WebsiteConfig(AppConfig):
    name = "backnumber.website"
    label = "website"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The renderers of the website's pages are registered. Tables are not known any earlier than this."""
        import_module("backnumber.website.rendered_lists").register_all()
        for field in _of_one_line():
            field.validators.append(one_line)


def _of_one_line() -> "Iterator[CharField[Any, Any]]":
    """Every field of every table, Wagtail's and allauth's too, that holds text of one line."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, CharField) and not field.choices and one_line not in field.validators:
                yield field
