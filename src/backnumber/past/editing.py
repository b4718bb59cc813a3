"""An editor's word on a finding: recorded with its neighbours, applied at once, and spread to the same words elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import NumericRange

from backnumber.archive.models import Article
from backnumber.archive.parts import Part
from backnumber.archive.queries import any_article, parts_of
from backnumber.past import service
from backnumber.past.models import Finding, Reading, Side, Standpoint, Status, Word
from backnumber.past.queries import said
from backnumber.past.rules import Years, neighbours, place_of


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a finding means: which thing, as pages name it; for a time its years."""

    key: str
    label: str
    edtf: str = ""
    years: Years | None = None


@transaction.atomic
def say(one: Finding, part: Part, verdict: Status, meaning: Meaning, *, by: Any, now: datetime) -> Word:
    """Promise: the word is kept, the article is read by it, and articles with the same words will be read again. A later word on the
    same place takes the place of an earlier one.
    """
    before, after = neighbours(part.text, one.start, one.end)
    _forget_earlier(one)
    word = Word.objects.create(
        article_id=one.article_id,
        kind=one.kind,
        text=one.text,
        before=before,
        after=after,
        verdict=verdict,
        key=meaning.key,
        label=meaning.label,
        edtf=meaning.edtf,
        years=NumericRange(*meaning.years) if meaning.years else None,
        said_by=by,
        said_at=now,
    )
    service.read_articles([one.article_id])
    alike = Finding.objects.filter(text=one.text, kind=one.kind).exclude(article=one.article_id)
    Reading.objects.filter(article__in=alike.values("article")).update(rules="")
    return word


def _forget_earlier(one: Finding) -> None:
    article = any_article(one.article_id)
    parts = parts_of(article) if article else ()
    for word in Word.objects.filter(article=one.article_id, kind=one.kind, text=one.text):
        if place_of(parts, said(word)) == (one.position, one.start):
            word.delete()


def said_elsewhere(one: Finding) -> list[Word]:
    """Promise: what editors said of the same words in other articles, the latest first."""
    words = Word.objects.filter(text=one.text, kind=one.kind).exclude(article=one.article_id)
    return list(words.select_related("article").defer("article__body").order_by("-pk")[:5])


def read_now(article: Article) -> None:
    service.read_articles([article.pk])


def take_side(article: Article, side: str) -> None:
    """Promise: the article stands on that side of its question, on none if it is empty. Errors: ValueError for a side that is none."""
    Standpoint.objects.update_or_create(article=article, defaults={"side": Side(side).value})
