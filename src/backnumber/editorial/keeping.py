"""What others depend on is not deleted: a sentence says so, on the page that asked.

Wagtail's own views either break off with an error here or say that one has no permission, according to what its index of
references has seen. The database's relations are asked instead, before its views run.
"""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

_NAMED = 3
_OF_OTHER_VIEWS = {"users": ("readers", "reader"), "groups": ("auth", "group")}


def kept_for_others(request: HttpRequest, arguments: dict[str, Any]) -> HttpResponse | None:
    """Promise: the way back, with the sentence, when this request would delete what others depend on; else None."""
    things = _to_be_deleted(request, arguments) if request.method == "POST" else []
    if not things:
        return None
    try:
        Collector(using=DEFAULT_DB_ALIAS, origin=things[0]).collect(things)
    except ProtectedError as error:
        held: Iterable[Model] = error.protected_objects
    except RestrictedError as error:
        held = error.restricted_objects
    else:
        return None
    messages.error(request, why_kept(held, request.user))
    return redirect(request.get_full_path())


def why_kept(held: Iterable[Model], user: Any) -> str:
    """Promise: a sentence that names what depends on the thing, as far as `user` may see it."""
    by_model: dict[type[Model], list[Model]] = {}
    for one in held:
        by_model.setdefault(type(one), []).append(one)
    parts = dict.fromkeys(_named(model, things, user) for model, things in by_model.items())
    return (
        f"Nothing was deleted: {' and '.join(parts)} would be left without it. Change or delete that first."
    )


def _to_be_deleted(request: HttpRequest, arguments: dict[str, Any]) -> list[Model]:
    """What a page that deletes, one thing or several, is about to delete."""
    parts = request.path.strip("/").split("/")[1:]
    if parts[:1] == ["bulk"] and arguments.get("action") == "delete":
        keys = request.GET.getlist("id")
        every = apps.get_model(arguments["app_label"], arguments["model_name"])._default_manager.all()
        return list(every if "all" in keys else every.filter(pk__in=[k for k in keys if k.isdecimal()]))
    if "delete" not in parts or "pk" not in arguments:
        return []
    label = tuple(parts[1:3]) if parts[0] == "snippets" else _OF_OTHER_VIEWS.get(parts[0])
    if label is None:
        return []
    return list(apps.get_model(label[0], label[1])._default_manager.filter(pk=arguments["pk"]))


def _named(model: type[Model], things: list[Model], user: Any) -> str:
    meta = model._meta
    if not any(
        user.has_perm(f"{meta.app_label}.{action}_{meta.model_name}") for action in ("view", "change")
    ):
        return "something that your role does not show"
    word = meta.verbose_name if len(things) == 1 else meta.verbose_name_plural
    names = ", ".join(f"“{one}”" for one in things[:_NAMED])
    more = f" and {len(things) - _NAMED} more" if len(things) > _NAMED else ""
    return f"{len(things)} {word} ({names}{more})"
