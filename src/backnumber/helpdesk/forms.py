"""The help desk's forms."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from backnumber.access import Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.characters import OneLine
from backnumber.gate import reference
from backnumber.gate.words import REASONS
from backnumber.helpdesk.queries import article_named
from backnumber.helpdesk.service import Wanted
from backnumber.readers.models import Reader


class WhyForm(forms.Form):
    """Reader, article and moment; or the reference a reader sent, which says all three.

    Nobody's reference says no moment: its page is the same at every view.
    """

    reference = OneLine(
        label="Reference the reader sent",
        required=False,
        max_length=60,
        help_text="Alone it is enough: it says reader, article and moment, or of nobody in particular the article and why.",
    )
    reader = forms.EmailField(
        label="Reader’s e-mail address", required=False, help_text="Empty: nobody in particular."
    )
    article = OneLine(
        label="Article", required=False, max_length=600, help_text="Its address, or its number."
    )
    at = forms.DateTimeField(
        label="At",
        required=False,
        help_text="Empty: now.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    asks_reader: Reader | None = None
    asks_article: Article | None = None
    asks_at: datetime | None = None
    asks_reason: str = ""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("reference"):
            self._read_reference(given["reference"])
        elif not self.errors:
            self._read_fields(given)
        return given

    def _read_reference(self, code: str) -> None:
        facts = reference.read(code)
        if facts is None:
            raise ValidationError(
                {"reference": "This is no reference of ours. Compare it with the reader’s mail."}
            )
        self.asks_article = article_named(str(facts.article))
        self.asks_reader = Reader.objects.filter(pk=facts.reader).first() if facts.reader else None
        self.asks_at = facts.made_at
        self.asks_reason = REASONS[facts.reason]
        if self.asks_article is None:
            raise ValidationError({"reference": "The article this reference names is gone."})
        if facts.reader and self.asks_reader is None:
            raise ValidationError({"reference": "The reader this reference names has deleted the account."})

    def _read_fields(self, given: dict[str, Any]) -> None:
        self.asks_at = given.get("at")
        self.asks_article = article_named(given.get("article") or "")
        if self.asks_article is None:
            self.add_error("article", "No article has this address or number.")
        if given.get("reader"):
            self.asks_reader = Reader.objects.filter(email__iexact=given["reader"]).first()
            if self.asks_reader is None:
                self.add_error("reader", "No account has this address.")


class GiveForm(forms.Form):
    """A right by hand."""

    SCOPES = [
        ("article", "This article"),
        ("issue", "This issue"),
        ("title", "This title"),
        ("archive", "The whole archive"),
    ]

    scope = forms.ChoiceField(label="What to open", choices=SCOPES)
    last_day = forms.DateField(label="Last day", widget=forms.DateInput(attrs={"type": "date"}))
    case = OneLine(
        label="Case",
        max_length=120,
        help_text="What it rests on: the reference of the mail or the claim. One case, one right.",
    )
    reason = OneLine(label="Reason", max_length=200, help_text="The reader sees it on the account page.")

    def wanted(self, article: Article) -> Wanted:
        day = self.cleaned_data["last_day"] + timedelta(days=1)
        return Wanted(
            scope=_scope(self.cleaned_data["scope"], article),
            until=datetime.combine(day, time(), timezone.get_default_timezone()),
            case=self.cleaned_data["case"].strip(),
            reason=self.cleaned_data["reason"].strip(),
        )


def _scope(kind: str, article: Article) -> Scope:
    match kind:
        case "article":
            return Scope(ScopeKind.ARTICLE, article=article.pk)
        case "issue":
            return Scope(ScopeKind.ISSUE, issue=article.issue_id)
        case "title":
            return Scope(ScopeKind.TITLE, title=article.issue.title_id)
    return Scope(ScopeKind.ARCHIVE)


class WithdrawForm(forms.Form):
    """Why a right is taken back."""

    grant = forms.IntegerField(widget=forms.HiddenInput)
    because = OneLine(label="Why it is withdrawn", max_length=200)
