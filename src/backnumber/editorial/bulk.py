"""Many articles changed at once: planned, carried out in batches that may stop and go on, undone.

A value that somebody changed since is left alone, both when the change is carried out and when it is undone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.log_actions import log
from wagtail.models import Revision

from backnumber.archive.models import Article, Authorship
from backnumber.audit.service import acting
from backnumber.editorial import drafts
from backnumber.editorial.models import BulkChange, BulkRow
from backnumber.readers.models import Reader

SECTION, POLICY, ADD, REMOVE, WITHDRAW = "section", "policy", "add", "remove", "withdraw"
BATCH = 100
AT_ONCE = 200
"""So many are changed while the editor waits; the rest is done by the worker."""
_OF_KIND = {
    SECTION: ("section_id",),
    POLICY: ("policy",),
    WITHDRAW: ("live", "has_unpublished_changes", "live_revision_id"),
}
Value = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """What is to be done: `value` is a section's or a contributor's key, a policy, or None; `words` say it to people."""

    kind: str
    value: int | str | None
    words: str


@dataclass(frozen=True, slots=True)
class Step:
    """One article: what it has and what it is to have; `why` says why it is left alone."""

    article: Article
    before: Value
    after: Value
    why: str = ""

    @property
    def changes(self) -> bool:
        return not self.why and self.before != self.after


def plan(articles: "QuerySet[Article]", act: Act, by: Reader) -> list[Step]:
    """Promise: every article of the list, in its order, with what would become of it; nothing is written."""
    found = list(articles.select_related("issue__title", "section").defer("body"))
    names = _authors([one.pk for one in found]) if act.kind in {ADD, REMOVE} else {}
    scheduled = _scheduled([one.pk for one in found]) if act.kind == WITHDRAW else set()
    return [_step(one, act, by, names, scheduled) for one in found]


def _step(article: Article, act: Act, by: Reader, names: dict[int, list[int]], scheduled: set[int]) -> Step:
    before = _value(article, act.kind, names)
    after = _after(before, act)
    why = ""
    if article.locked and article.locked_by_id != by.pk:
        why = "locked by somebody else"
    elif article.pk in scheduled:
        why = "scheduled: take that back first"
    return Step(article, before, after, why)


def _value(article: Article, kind: str, names: dict[int, list[int]]) -> Value:
    if kind in {ADD, REMOVE}:
        return {"contributors": names.get(article.pk, [])}
    return {name: getattr(article, name) for name in _OF_KIND[kind]}


def _after(before: Value, act: Act) -> Value:
    match act.kind:
        case "section":
            return {"section_id": act.value}
        case "policy":
            return {"policy": act.value or ""}
        case "add":
            there = before["contributors"]
            return {"contributors": there if act.value in there else [*there, act.value]}
        case "remove":
            return {"contributors": [one for one in before["contributors"] if one != act.value]}
        case _:
            return (
                {"live": False, "has_unpublished_changes": True, "live_revision_id": None}
                if before["live"]
                else before
            )


@transaction.atomic
def start(steps: Sequence[Step], act: Act, of: str, *, by: Reader, now: datetime) -> BulkChange:
    """Promise: the change is kept with what stood before, and begun; `go_on` carries it out."""
    change = BulkChange.objects.create(by=by, at=now, what=act.words[:500], of=of[:500], kind=act.kind)
    BulkRow.objects.bulk_create(
        [
            BulkRow(change=change, article=one.article.pk, before=one.before, after=one.after)
            for one in steps
            if one.changes
        ],
        batch_size=1000,
    )
    log(instance=by, action="editorial.sent", user=by, data={"what": str(change)})
    return change


def undo(change: BulkChange) -> bool:
    """Promise: the change is being undone; False when it is not done yet, or undone already."""
    return bool(
        BulkChange.objects.filter(pk=change.pk, state=BulkChange.State.DONE).update(
            state=BulkChange.State.UNDOING, finished_at=None
        )
    )


def go_on(change: int, now: datetime, most: int | None = None) -> bool:
    """Promise: up to `most` articles more are done, or all; whether the change is finished. Safe beside another worker and after a break:
    each batch is a transaction of its own.
    """
    done = 0
    while most is None or done < most:
        batch = _batch(change, now)
        if batch is None:
            return True
        done += batch
    return False


def under_way() -> list[int]:
    """Promise: the changes that are not finished, the oldest first."""
    states = (BulkChange.State.DOING, BulkChange.State.UNDOING)
    return list(BulkChange.objects.filter(state__in=states).order_by("at", "pk").values_list("pk", flat=True))


@transaction.atomic
def _batch(key: int, now: datetime) -> int | None:
    """How many were done; None when nothing is left to do."""
    change = BulkChange.objects.select_for_update().select_related("by").get(pk=key)
    is_back = change.state == BulkChange.State.UNDOING
    if change.state not in {BulkChange.State.DOING, BulkChange.State.UNDOING}:
        return None
    waiting = BulkRow.State.DONE if is_back else BulkRow.State.WAITS
    rows = list(change.rows.filter(state=waiting).order_by("article")[:BATCH])
    if not rows:
        change.state = BulkChange.State.UNDONE if is_back else BulkChange.State.DONE
        change.finished_at = now
        change.save(update_fields=["state", "finished_at"])
        return None
    with acting(change.by, f"{'Undone: ' if is_back else ''}{change.what}"):
        _write(change, rows, is_back)
    return len(rows)


def _write(change: BulkChange, rows: Sequence[BulkRow], is_back: bool) -> None:
    keys = [one.article for one in rows]
    articles = {
        one.pk: one
        for one in Article.objects.select_for_update(of=("self",)).filter(pk__in=keys).defer("body")
    }
    names = _authors(keys) if change.kind in {ADD, REMOVE} else {}
    wanted: dict[int, Value] = {}
    for row in rows:
        old, new = (row.after, row.before) if is_back else (row.before, row.after)
        article = articles.get(row.article)
        if article is None or _value(article, change.kind, names) != old:
            row.state, row.why = BulkRow.State.LEFT, "deleted since" if article is None else "changed since"
            continue
        row.state = BulkRow.State.UNDONE if is_back else BulkRow.State.DONE
        wanted[row.article] = new
        log(
            instance=article,
            action="wagtail.edit",
            user=change.by,
            data={"what": change.what, "undone": is_back},
        )
    _apply(change.kind, wanted, {row.article: (row.before, row.after)[is_back] for row in rows})
    BulkRow.objects.bulk_update(rows, ["state", "why"])


def _apply(kind: str, wanted: dict[int, Value], before: dict[int, Value]) -> None:
    if kind in {ADD, REMOVE}:
        _write_authors(wanted, before)
        return
    if kind == WITHDRAW:
        for key, value in wanted.items():
            Article.objects.filter(pk=key).update(**value)
        return
    field = "section" if kind == SECTION else "policy"
    drafts.write({key: {field: next(iter(value.values()))} for key, value in wanted.items()})


def _write_authors(wanted: dict[int, Value], before: dict[int, Value]) -> None:
    waiting = drafts.waiting(wanted)
    for key, value in wanted.items():
        new, old = value["contributors"], before[key]["contributors"]
        Authorship.objects.filter(article_id=key).exclude(contributor_id__in=new).delete()
        for place, contributor in enumerate(new):
            Authorship.objects.update_or_create(
                article_id=key, contributor_id=contributor, defaults={"position": place}
            )
        gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
        for revision in waiting.get(key, ()):
            rewrite_authors(revision, key, gone, come)


def rewrite_authors(revision: Revision, article: int, gone: Sequence[int], come: Sequence[int]) -> None:
    """Promise: the contributors of a draft without those who are `gone` and with those who `come`, at the end."""
    there = [one for one in revision.content.get("authorships", []) if one["contributor"] not in gone]
    known = {one["contributor"] for one in there}
    there += [
        {"pk": None, "article": article, "contributor": one, "position": len(there) + n}
        for n, one in enumerate(come)
        if one not in known
    ]
    Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "authorships": there})


def _authors(articles: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Authorship.objects.filter(article__in=articles).order_by("position", "id")
    for article, contributor in rows.values_list("article_id", "contributor_id"):
        found.setdefault(article, []).append(contributor)
    return found


def _scheduled(articles: Sequence[int]) -> set[int]:
    return {
        key
        for key, found in drafts.waiting(articles).items()
        if any(one.approved_go_live_at for one in found)
    }
