"""The editor's desk in a process of its own, with Django: does what it is told, a JSON line for each, and answers with one."""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402  # models need Django set up
from django.utils import timezone  # noqa: E402
from wagtail.test.utils.form_data import (  # noqa: E402
    inline_formset,
    nested_form_data,
    rich_text,
    streamfield,
)

from backnumber.access import Evidence  # noqa: E402
from backnumber.archive.blocks import plain  # noqa: E402
from backnumber.archive.body import INLINE_FEATURES  # noqa: E402
from backnumber.archive.models import Article  # noqa: E402
from backnumber.grants import service as grants  # noqa: E402
from backnumber.readers.models import Reader  # noqa: E402
from door import laying  # noqa: E402
from door.words import MARK, MORE  # noqa: E402


def publish(article: int, mark: str) -> dict[str, float]:
    """As Wagtail does it: the article with another body, a revision of it, published. When it was committed, by the monotonic clock."""
    began = time.monotonic()
    committed: list[float] = []
    with transaction.atomic():
        found = Article.objects.get(pk=article)
        found.body = _marked([dict(block) for block in found.body.raw_data], mark)
        found.save_revision().publish()
        transaction.on_commit(lambda: committed.append(time.monotonic()))
    return {"committed": committed[0], "seconds": committed[0] - began}


def _marked(stream: list[dict[str, Any]], mark: str) -> list[dict[str, Any]]:
    """The mark is the first word, so that the lead-in shows it, and there is a word more or less than before, as in most edits."""
    words = plain(stream[0]["value"]).split()
    kept = [word for word in words[:2] if not word.startswith("mark-") and word != MORE] + words[2:]
    more = [] if MORE in words[:2] else [MORE]
    return [{**stream[0], "value": f"<p>{' '.join([mark, *more, *kept])}</p>"}, *stream[1:]]


def publish_for(articles: list[int], seconds: float) -> dict[str, Any]:
    """Publishes one a second, in turn. A publication that takes longer holds up the next."""
    began = time.monotonic()
    took: list[float] = []
    while time.monotonic() - began < seconds:
        due = began + len(took)
        time.sleep(max(due - time.monotonic(), 0))
        took.append(publish(articles[len(took) % len(articles)], f"mark-{time.monotonic_ns()}")["seconds"])
    return {"took": took}


def revoke(evidence: str) -> dict[str, float]:
    committed: list[float] = []
    with transaction.atomic():
        grants.revoke(Evidence.PAYMENT, evidence, because="bench", now=timezone.now())
        transaction.on_commit(lambda: committed.append(time.monotonic()))
    return {"committed": committed[0]}


def grant(reader: int) -> dict[str, str]:
    return {"evidence": laying.grant(Reader.objects.get(pk=reader))}


def form(article: int) -> dict[str, str]:
    """Promise: what the editor's browser sends to publish this article, with MARK in its first paragraph."""
    found = Article.objects.get(pk=article)
    stream = _marked([dict(block) for block in found.body.raw_data], MARK)
    values = {
        name: _typed(getattr(found, name))
        for name in [
            "headline",
            "slug",
            "standfirst",
            "byline",
            "position",
            "first_page",
            "last_page",
            "language",
            "online_date",
            "policy",
        ]
    }
    values |= dict.fromkeys(
        ("lead_in_ends_after", "go_live_at", "expire_at", "paid_after_weeks", "free_after_years"), ""
    )
    authors = list(found.authorships.all())
    rows = [
        {
            "id": str(a.pk),
            "contributor": str(a.contributor_id),
            "position": str(a.position),
            "ORDER": "1",
            "DELETE": "",
        }
        for a in authors
    ]
    return dict(
        nested_form_data(
            {
                **values,
                "issue": str(found.issue_id),
                "section": str(found.section_id),
                "body": streamfield([(block["type"], _field(block)) for block in stream]),
                "authorships": inline_formset(rows, initial=len(rows)),
                "corrections": inline_formset([]),
                "anniversaries": inline_formset([]),
                "action-publish": "Publish",
            }
        )
    )


def _typed(value: object) -> str:
    return "" if value is None else str(value)


def _field(block: dict[str, Any]) -> Any:
    if block["type"] == "paragraph":
        return str(rich_text(block["value"], features=INLINE_FEATURES))
    return block["value"]


def articles() -> dict[str, Any]:
    """Promise: every article's key and address, in the order in which they were laid."""
    rows = list(
        Article.objects.order_by("id")
        .select_related("issue__title")
        .only("slug", "issue__slug", "issue__sort_date", "issue__title__slug")
        .iterator(5_000)
    )
    return {"keys": [row.pk for row in rows], "addresses": [row.get_absolute_url() for row in rows]}


DOES: dict[str, Callable[..., Any]] = {
    "lay": laying.lay,
    "cast": laying.cast,
    "articles": articles,
    "publish": publish,
    "publish_for": publish_for,
    "form": form,
    "revoke": revoke,
    "grant": grant,
}


def main() -> None:
    for line in sys.stdin:
        what, arguments = json.loads(line)
        print(json.dumps(DOES[what](**arguments)), flush=True)


if __name__ == "__main__":
    main()
