"""Contributors who are one person made one: nothing of theirs is lost, and their old addresses lead on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from wagtail.log_actions import log
from wagtail.models import Revision

from backnumber.archive.models import Authorship, Contributor, OldAddress
from backnumber.readers.models import Reader


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merger does: how many articles get another contributor, the variants and the note the kept one will have."""

    articles: int
    variants: tuple[str, ...]
    note: str


def plan(kept: Contributor, others: Sequence[Contributor]) -> Merged:
    """Promise: what merging would do; nothing is written."""
    names = [
        kept.name,
        *(line for one in (kept, *others) for line in (one.variants or "").splitlines()),
        *(one.name for one in others),
    ]
    variants = tuple(
        dict.fromkeys(name.strip() for name in names if name.strip() and name.strip() != kept.name)
    )
    notes = dict.fromkeys(one.note.strip() for one in (kept, *others) if one.note.strip())
    articles = Authorship.objects.filter(contributor__in=others).values("article").distinct().count()
    return Merged(articles, variants, "\n\n".join(notes))


@transaction.atomic
def merge(kept: Contributor, others: Sequence[Contributor], *, by: Reader) -> Merged:
    """Promise: what the others wrote is the kept one's, in the same place of the byline, also in drafts; their names are variants, their notes
    are joined, their addresses lead to the kept one; they are no more.
    """
    kept = Contributor.objects.select_for_update().get(pk=kept.pk)
    gone = list(
        Contributor.objects.select_for_update().filter(pk__in=[one.pk for one in others]).exclude(pk=kept.pk)
    )
    done = plan(kept, gone)
    keys = [one.pk for one in gone]
    _move_authorships(kept, keys)
    _move_drafts(kept, keys)
    OldAddress.objects.filter(contributor__in=keys).update(contributor=kept)
    for one in gone:
        path = one.get_absolute_url()
        OldAddress.objects.update_or_create(
            path=path,
            defaults={"contributor": kept, "article": None, "issue": None, "title": None, "section": None},
        )
        log(
            instance=one,
            action="wagtail.delete",
            user=by,
            data={"what": f"merged into {kept.name}"},
            deleted=True,
        )
        one.delete()
    kept.variants, kept.note = "\n".join(done.variants), done.note
    kept.save()
    log(
        instance=kept,
        action="wagtail.edit",
        user=by,
        data={"what": "merged", "from": [one.name for one in gone]},
    )
    return done


def _move_authorships(kept: Contributor, keys: Sequence[int]) -> None:
    for one in Authorship.objects.filter(contributor__in=keys).order_by("article", "position", "id"):
        if Authorship.objects.filter(article=one.article_id, contributor=kept).exists():
            one.delete()
        else:
            Authorship.objects.filter(pk=one.pk).update(contributor=kept)


def _move_drafts(kept: Contributor, keys: Sequence[int]) -> None:
    """Every revision, old ones too: one that is looked at or brought back must not name somebody who is no more."""
    revisions = Revision.objects.filter(
        base_content_type__app_label="archive",
        base_content_type__model="article",
        content__has_key="authorships",
    )
    for key in keys:
        for revision in revisions.filter(content__authorships__contains=[{"contributor": key}]):
            there = [
                {**one, "contributor": kept.pk} if one["contributor"] == key else one
                for one in revision.content["authorships"]
            ]
            once = list({one["contributor"]: one for one in reversed(there)}.values())[::-1]
            Revision.objects.filter(pk=revision.pk).update(content={**revision.content, "authorships": once})
