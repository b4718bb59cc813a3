"""Pasting a text into an article, and the pictures whose rights run out."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.models import ReferenceIndex

from backnumber.archive.blocks import (
    Heading,
    Listing,
    Note,
    Paragraph,
    Quotation,
    Table,
    to_stream,
)
from backnumber.archive.models import Article, Picture, Rights
from backnumber.archive.newest import keep_body, stream_of
from backnumber.editorial.numbering import first_free
from backnumber.editorial.pasting import LARGEST, Pasted, from_html, from_text
from backnumber.editorial.roles import EDITS_ARTICLES
from backnumber.editorial.who_may_read import kept_by_nobody
from backnumber.readers.models import Reader

SOON = timedelta(days=90)
_A_PAGE = 50
_KINDS: dict[type, tuple[str, str]] = {
    Paragraph: ("paragraph", "paragraphs"),
    Heading: ("heading", "headings"),
    Listing: ("list", "lists"),
    Table: ("table", "tables"),
    Quotation: ("quotation", "quotations"),
    Note: ("note", "notes"),
}


class PasteForm(forms.Form):
    """What was pasted: with its markup where a script could take it, as a file, or as plain text."""

    taken: Pasted

    html = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label="The text",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14, "data-paste": ""}),
        help_text="Paste here. From Word, Google Docs and LibreOffice headings, lists, tables, quotations, notes and links are kept.",
    )
    file = forms.FileField(
        label="Or a file",
        required=False,
        help_text="Saved from the word processor as a web page (.html). Without scripts this is the way to keep headings and notes.",
    )
    how = forms.ChoiceField(
        label="Where",
        choices=[("after", "After what is there"), ("instead", "Instead of what is there")],
        widget=forms.RadioSelect,
        initial="after",
        error_messages={"required": "Choose one."},
    )

    def pasted(self, first_note: int) -> Pasted | None:
        """Promise: the blocks of what was given, the file first; None, with a message beside the field, when there are none."""
        file = self.cleaned_data.get("file")
        try:
            if file is not None:
                found = from_html(_decoded(file.read(4 * LARGEST)), first_note)
            elif self.cleaned_data["html"].strip():
                found = from_html(self.cleaned_data["html"], first_note)
            else:
                found = from_text(self.cleaned_data["text"])
        except ValueError as why:
            self.add_error("file" if file is not None else "text", str(why))
            return None
        if not found.blocks:
            self.add_error("file" if file is not None else "text", "There is no text in this.")
            return None
        self.taken = found
        return found


def _decoded(content: bytes) -> str:
    """Word saves web pages in the encoding of its country when it is not told otherwise."""
    for encoding in ("utf-8-sig", "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", errors="replace")


@kept_by_nobody
@permission_required(EDITS_ARTICLES, raise_exception=True)
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: HttpRequest, article: int) -> HttpResponse:
    """What is pasted becomes a draft; what readers see stays until it is published."""
    found = get_object_or_404(Article.objects.select_related("issue__title", "locked_by"), pk=article)
    assert isinstance(request.user, Reader)
    form = PasteForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and _take(found, form, request.user):
        messages.success(request, _told(form.taken))
        return redirect("wagtailsnippets_archive_article:edit", found.pk)
    known = {
        "article": found,
        "form": form,
        "page_title": "Paste a text",
        "header_title": f"Paste into “{found.headline}”",
    }
    return render(request, "editorial/paste.html", known, status=422 if request.method == "POST" else 200)


def _take(found: Article, form: PasteForm, by: Reader) -> bool:
    """Promise: what was pasted is kept, or the form says why not."""
    if found.locked and found.locked_by_id != by.pk:
        form.add_error(
            None, f"{found.locked_by or 'Somebody'} has locked this article: ask for it to be unlocked."
        )
        return False
    draft = found.get_latest_revision_as_object()
    before = stream_of(draft) if form.cleaned_data["how"] == "after" else []
    pasted = form.pasted(first_free(before))
    if pasted is None:
        return False
    draft.body = [*before, *_fresh(pasted, draft)]
    _keep(found, draft, by)
    return True


def _fresh(pasted: Pasted, draft: Article) -> list[dict[str, Any]]:
    """The same text pasted twice is two sets of blocks."""
    return to_stream(pasted.blocks, f"{draft.pk}:{timezone.now().isoformat()}")


def _keep(found: Article, draft: Article, by: Reader) -> None:
    """As the form keeps it: in a revision, and in the row of a piece that is not published."""
    revision = draft.save_revision(user=by, clean=False, log_action=True)
    if not found.live:
        keep_body(revision.as_object())


def _told(pasted: Pasted) -> str:
    """Promise: what was taken over, in a sentence, and what was left out."""
    counts = Counter(type(one) for one in pasted.blocks)
    parts = [f"{n} {_KINDS[kind][n != 1]}" for kind in _KINDS if (n := counts[kind])]
    rest = sum(n for kind, n in counts.items() if kind not in _KINDS)
    if rest:
        parts.append(f"{rest} other")
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    pictures = (
        f" {pasted.pictures} {'picture was' if pasted.pictures == 1 else 'pictures were'} left out: add them with their rights."
        if pasted.pictures
        else ""
    )
    return f"In the draft now: {listed}.{pictures}"


@kept_by_nobody
@permission_required(EDITS_ARTICLES, raise_exception=True)
@require_safe
def picture_rights(request: HttpRequest) -> HttpResponse:
    """Pictures whose rights have run out or will within 90 days, the first to run out first, with the articles that show them."""
    today = timezone.now().date()
    found = Picture.objects.filter(rights=Rights.UNTIL, rights_until__lte=today + SOON).order_by(
        "rights_until", "pk"
    )
    without_day = Picture.objects.filter(rights=Rights.UNTIL, rights_until=None).order_by("pk")
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("p"))
    pictures = [*page, *(without_day[:_A_PAGE] if page.number == 1 else [])]
    shown_in = _shown_in([one.pk for one in pictures])
    rows = [
        {"picture": one, "articles": shown_in.get(one.pk, []), "is_over": _is_over(one.rights_until, today)}
        for one in pictures
    ]
    known = {"rows": rows, "page": page, "days": SOON.days, "page_title": "Picture rights"}
    return render(request, "editorial/picture_rights.html", known)


def _is_over(until: date | None, today: date) -> bool:
    return until is None or until < today


def _shown_in(pictures: list[int]) -> dict[int, list[Article]]:
    """Promise: the articles that show each picture; two queries."""
    references = ReferenceIndex.objects.filter(
        to_content_type=ReferenceIndex._get_base_content_type(Picture),
        to_object_id__in=[str(key) for key in pictures],
        base_content_type=ReferenceIndex._get_base_content_type(Article),
    ).values_list("to_object_id", "object_id")
    pairs = {(int(picture), int(article)) for picture, article in references}
    articles = Article.objects.select_related("issue__title").defer("body").in_bulk({one for _, one in pairs})
    found: dict[int, list[Article]] = {}
    for picture, article in sorted(pairs):
        if article in articles:
            found.setdefault(picture, []).append(articles[article])
    return found
