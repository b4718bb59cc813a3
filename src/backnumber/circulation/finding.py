"""How staff find what is printed on the paper in their hand: every word somewhere, or a number or postcode in any spelling."""

from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import CharField, Func, Q, QuerySet
from django.db.models.functions import Cast


class Squeezed(Func):
    """A text's letters and digits alone, in capitals: "se10 9nf" and "SE10-9NF" are SE109NF."""

    function = "UPPER"
    template = "%(function)s(REGEXP_REPLACE(%(expressions)s, '[^[:alnum:]]', '', 'g'))"
    output_field = CharField()


def matching(
    rows: "QuerySet[Any]", words: str, *, fields: tuple[str, ...], squeezed: tuple[str, ...]
) -> "QuerySet[Any]":
    """Promise: the rows in which every word stands in one of `fields`, or all of it, however it is spaced, in one of `squeezed`."""
    if not words.split():
        return rows
    each = (reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)) for word in words.split())
    wanted = reduce(and_, each)
    run = "".join(character for character in words if character.isalnum()).upper()
    if run:
        made = {f"squeezed_{n}": Squeezed(Cast(name, CharField())) for n, name in enumerate(squeezed)}
        rows = rows.annotate(**made)
        wanted |= reduce(or_, (Q(**{f"{name}__contains": run}) for name in made))
    return rows.filter(wanted)
