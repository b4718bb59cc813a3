"""The rule's answer in sentences: for the reader, and for staff grant by grant. Pure but for dates in the
publisher's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from backnumber.access import Considered, Decision, Evidence, Fit, Offer, Policy, Reason, Scope, ScopeKind
from backnumber.archive.models import Article


@dataclass(frozen=True, slots=True)
class Advice:
    """What a reader is told: why, and the one thing to do. `page` is the name of the page that does it, empty
    when there is none.
    """

    why: str
    do: str
    page: str = ""


def for_reader(decision: Decision, article: Article) -> Advice:
    """Promise: one sentence or two of why, one thing to do. Nobody signed in is told to sign in."""
    if decision.allowed:
        return Advice(
            _allowed(decision),
            "Open the article. If you still see only its opening, reload the page.",
            "article",
        )
    if Offer.SIGN_UP in decision.offers:
        return Advice(
            "This article is free to read with an account, and you are not signed in.",
            "Make an account",
            "account_signup",
        )
    return _dated(decision) or _elsewhere(decision, article) or _ADVICE.get(decision.reason, _OUR_FAULT)


_OUR_FAULT = Advice(
    "Something is wrong with this article’s settings. That is our fault, not yours.",
    "Write to us, and we open it.",
)
_ADVICE = {
    Reason.NO_ACCOUNT: Advice(
        "This article belongs to the archive, and you are not signed in, so we cannot tell whether it is "
        "yours to read. If you have a subscription, signing in is all it takes.",
        "Sign in",
        "account_login",
    ),
    Reason.NO_GRANT: Advice(
        "This article belongs to the archive, and your account has no subscription.",
        "See what a subscription costs",
        "subscribe",
    ),
    Reason.REVOKED: Advice("Your access was withdrawn.", "Write to us: we look up why, and tell you."),
    Reason.CLAIM_PENDING: Advice(
        "You told us of a print subscription, and a person is comparing it with our list. "
        "That takes two working days at most, as a rule.",
        "Wait for our mail; you need do nothing.",
    ),
    Reason.PRINT_UNCLAIMED: Advice(
        "You get the printed magazine, and the archive belongs to it, but you have not told us your "
        "subscriber number yet.",
        "Claim your print subscription",
        "claim",
    ),
}


def _dated(decision: Decision) -> Advice | None:
    if decision.reason is Reason.LAPSED:
        when = f" on {last_day(decision.ended)}" if decision.ended else ""
        return Advice(f"Your access ended{when}.", "Renew it", "subscribe")
    if decision.reason is Reason.NOT_BEGUN:
        when = f" on {day(decision.begins)}" if decision.begins else " later"
        return Advice(
            f"Your access begins{when}. Until then this article is closed to you.",
            "Wait until then, or write to us if that day is wrong.",
        )
    return None


def _elsewhere(decision: Decision, article: Article) -> Advice | None:
    if decision.reason is not Reason.OTHER_ISSUES:
        return None
    where = f"{article.issue.title}, {article.issue.cover_date}"
    return Advice(
        f"What you have opens other issues. This article is in {where}.",
        "See what opens the whole archive",
        "subscribe",
    )


def _allowed(decision: Decision) -> str:
    match decision.reason:
        case Reason.OPEN:
            return "You can read this article: it is open to anyone."
        case Reason.SIGNED_IN:
            return "You can read this article: it is open to anyone with an account, and you are signed in."
        case Reason.FREE_NOW:
            return (
                f"You can read this article: it is free now ({decision.window.why})."
                if decision.window
                else "You can read this article: it is free now."
            )
    until = f", until {last_day(decision.via.until)}" if decision.via and decision.via.until else ""
    label = decision.via.label if decision.via else "a right to it"
    return f"You can read this article: you have {label}{until}."


_REASONS = {
    Reason.OPEN: "The article is open to anyone.",
    Reason.SIGNED_IN: "The article is open to anyone with an account, and the reader has one.",
    Reason.FREE_NOW: "The article is in a free window.",
    Reason.GRANT: "A grant opens it.",
    Reason.NO_ACCOUNT: "Nobody in particular asks, and the article needs an account or a grant.",
    Reason.NO_GRANT: "The reader has no grant at all that could open it.",
    Reason.LAPSED: "The reader had a grant for it, which has ended.",
    Reason.NOT_BEGUN: "The reader has a grant for it, which has not begun.",
    Reason.REVOKED: "The reader had a grant for it, which was revoked.",
    Reason.OTHER_ISSUES: "The reader has grants, for other things than this article.",
    Reason.CLAIM_PENDING: "The reader's claim on a print subscription waits for staff.",
    Reason.PRINT_UNCLAIMED: "The bureau lists a print subscription with the reader's address, unclaimed.",
    Reason.UNKNOWN_POLICY: "The policy stored for the article is none the rule knows: it denies.",
}


def for_staff(decision: Decision) -> str:
    return ("May read. " if decision.allowed else "May not read. ") + _REASONS[decision.reason]


def of_considered(one: Considered, names: Mapping[str, str]) -> str:
    """Promise: why a grant did or did not fit, in one sentence. `names` calls what scopes refer to by name
    (`scope_in_words`).
    """
    grant = one.grant
    match one.fit:
        case Fit.FITS:
            return "It opens the article."
        case Fit.NO_EVIDENCE:
            return "It has no evidence the rule knows, so it opens nothing."
        case Fit.REVOKED:
            return f"It was revoked on {moment(grant.revoked_at)}." if grant.revoked_at else "It was revoked."
        case Fit.NOT_BEGUN:
            return f"It begins only on {moment(grant.starts)}."
        case Fit.ENDED:
            return f"It ended on {moment(grant.until)}." if grant.until else "It has ended."
        case Fit.OTHER_TITLE:
            return f"It opens {scope_in_words(grant.scope, names)}, and the article is of another title."
        case Fit.OTHER_DATES:
            return (
                f"It opens {scope_in_words(grant.scope, names)}, and the article's cover date lies outside."
            )
        case Fit.OTHER_ISSUE:
            return f"It opens {scope_in_words(grant.scope, names)}, and the article is in another issue."
        case Fit.OTHER_ARTICLE:
            return f"It opens {scope_in_words(grant.scope, names)}, which is another article."
    return "Its scope is not complete: the rule cannot tell what it opens, so it opens nothing."


def scope_in_words(scope: Scope, names: Mapping[str, str]) -> str:
    """`names` has "title:3", "issue:7", "article:9"; what it lacks is called by its number."""
    match scope.kind:
        case ScopeKind.ARCHIVE:
            return "the whole archive"
        case ScopeKind.TITLE:
            return f"all of {_name('title', scope.title, names)}"
        case ScopeKind.ISSUE:
            return _name("issue", scope.issue, names)
        case ScopeKind.ARTICLE:
            return f"“{_name('article', scope.article, names)}”"
    of = f"{_name('title', scope.title, names)}, " if scope.title is not None else ""
    first = date_format(scope.first_date, "j F Y") if scope.first_date else "the first issue"
    last = date_format(scope.last_date, "j F Y") if scope.last_date else "the latest"
    return f"{of}cover dates from {first} to {last}"


def _name(kind: str, key: int | None, names: Mapping[str, str]) -> str:
    return names.get(f"{kind}:{key}", f"{kind} {key}") if key is not None else f"no {kind}"


POLICIES = {
    Policy.OPEN: "open: anyone may read",
    Policy.SIGN_IN: "sign-in: anyone with an account may read",
    Policy.METERED: "metered: subscribers, until the meter is switched on",
    Policy.SUBSCRIBERS: "subscribers: a right to the archive is needed",
}


def policy_set_on(article: Article, level: str) -> str:
    """Promise: the thing that sets the article's policy, by name; `level` is as
    `archive.rules.policy_and_source` says.
    """
    named = {
        "article": "the article itself",
        "issue": f"its issue, {article.issue}",
        "section": f"its section, {article.section}",
    }
    return "set on " + named.get(level, f"its title, {article.issue.title}")


EVIDENCE = {
    Evidence.PAYMENT: "a payment",
    Evidence.PRINT_SUBSCRIPTION: "a print subscription",
    Evidence.GIFT: "a gift",
    Evidence.LICENCE: "a licence",
    Evidence.STAFF: "a decision of staff",
}


def moment(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y, H:i")


def day(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y")


def last_day(until: datetime) -> str:
    return day(until - timedelta(microseconds=1))
