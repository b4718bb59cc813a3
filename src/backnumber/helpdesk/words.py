"""The rule's answer in sentences: for the reader, and for staff grant by grant. Pure but for dates in the
publisher's zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.formats import date_format

from backnumber.access import Considered, Decision, Evidence, Fit, Offer, Reason, Scope, ScopeKind
from backnumber.archive.models import Article
from backnumber.gate.words import REASONS, day, moment
from backnumber.grants.ends import end_in_words, last_day_in_words


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
    Reason.NOT_COUNTED: Advice(
        "Anyone may read some articles like this one free. A visit that cannot be counted, from a browser that "
        "keeps no cookies, shows the opening alone.",
        "Open the article in a browser that keeps cookies",
        "article",
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
        when = f" on {last_day_in_words(decision.ended)}" if decision.ended else ""
        return Advice(f"Your access ended{when}.", "Renew it", "subscribe")
    if decision.reason is Reason.NOT_BEGUN:
        when = f" on {day(decision.begins)}" if decision.begins else " later"
        return Advice(
            f"Your access begins{when}. Until then this article is closed to you.",
            "Wait until then, or write to us if that day is wrong.",
        )
    if decision.reason is Reason.GIFT_ENDED:
        when = f" on {moment(decision.gift.until)}" if decision.gift else ""
        return Advice(f"The gift link you came by ended{when}.", "See what a subscription costs", "subscribe")
    return _spent(decision) if decision.reason is Reason.METER_SPENT else None


def _spent(decision: Decision) -> Advice:
    meter = decision.meter
    frees = f" You may read another from {moment(meter.frees_at)} on." if meter and meter.frees_at else ""
    number = f"{meter.allowance} " if meter else ""
    return Advice(
        f"The {number}articles you may read without a subscription are spent for now.{frees}",
        "See what a subscription costs",
        "subscribe",
    )


def _elsewhere(decision: Decision, article: Article) -> Advice | None:
    where = f"{article.issue.title}, {article.issue.cover_date}"
    if decision.reason is Reason.EMBARGOED:
        when = f"on sale on {day(decision.begins)}" if decision.begins else "not on sale yet"
        return Advice(
            f"This article is in {where}, which is {when}. Until then it is closed to everyone.",
            "Wait until then; nothing that is for sale opens it before.",
        )
    if decision.reason is not Reason.OTHER_ISSUES:
        return None
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
        case Reason.FREE_BY_AGE:
            return "You can read this article: it is old enough to be open to anyone."
        case Reason.FREE_WHILE_NEW:
            return "You can read this article: it is new, and open to anyone while it is."
        case Reason.LICENCE:
            name = decision.place.name if decision.place else "your library"
            return f"You can read this article: you read through {name}."
        case Reason.GIFT:
            return "You can read this article: a subscriber gave it to you."
        case Reason.METERED:
            return "You can read this article: it is one of those anyone may read without a subscription."
    return _by_right(decision)


def _by_right(decision: Decision) -> str:
    via = decision.via
    kept = any(c.grant == via and c.fit is Fit.KEPT for c in decision.considered)
    until = f", until {last_day_in_words(via.until)}" if via and via.until and not kept else ""
    stays = ", which has ended, and this issue stays open to you" if kept else ""
    return f"You can read this article: you have {via.label if via else 'a right to it'}{until}{stays}."


def for_staff(decision: Decision) -> str:
    return ("May read. " if decision.allowed else "May not read. ") + REASONS[decision.reason]


_ELSEWHERE = {
    Fit.OTHER_TITLE: "and the article is of another title",
    Fit.OTHER_DATES: "and the article’s cover date lies outside",
    Fit.OTHER_ISSUE: "and the article is in another issue",
    Fit.OTHER_ARTICLE: "which is another article",
}


def of_considered(one: Considered, names: Mapping[str, str]) -> str:
    """Promise: why a grant did or did not fit, in one sentence. `names` calls what scopes refer to by name
    (`scope_in_words`).
    """
    grant = one.grant
    match one.fit:
        case Fit.FITS:
            return "It opens the article."
        case Fit.KEPT:
            kept = scope_in_words(grant.kept, names) if grant.kept else "some issues"
            return f"It has ended, and {kept} stays open with it: it opens the article."
        case Fit.EMBARGOED:
            return "It opens nothing before the issue is on sale."
        case Fit.NO_EVIDENCE:
            return "It has no evidence the rule knows, so it opens nothing."
        case Fit.REVOKED:
            return f"It was revoked on {moment(grant.revoked_at)}." if grant.revoked_at else "It was revoked."
        case Fit.NOT_BEGUN:
            return f"It begins only on {moment(grant.starts)}."
        case Fit.ENDED:
            return (
                f"It ended on {end_in_words(grant.starts, grant.until)}." if grant.until else "It has ended."
            )
    if one.fit in _ELSEWHERE:
        return f"It opens {scope_in_words(grant.scope, names)}, {_ELSEWHERE[one.fit]}."
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
        case ScopeKind.RECENT:
            return _recent(scope, names)
    of = f"{_name('title', scope.title, names)}, " if scope.title is not None else ""
    first = date_format(scope.first_date, "j F Y") if scope.first_date else "the first issue"
    last = date_format(scope.last_date, "j F Y") if scope.last_date else "the latest"
    return f"{of}cover dates from {first} to {last}"


def _recent(scope: Scope, names: Mapping[str, str]) -> str:
    of = f"{_name('title', scope.title, names)}, " if scope.title is not None else ""
    if scope.years is None or scope.years < 1:
        return f"{of}the latest years, but not how many"
    return (
        f"{of}the issues of this year"
        if scope.years == 1
        else f"{of}the issues of the last {scope.years} calendar years"
    )


def _name(kind: str, key: int | None, names: Mapping[str, str]) -> str:
    return names.get(f"{kind}:{key}", f"{kind} {key}") if key is not None else f"no {kind}"


EVIDENCE = {
    Evidence.PAYMENT: "a payment",
    Evidence.PRINT_SUBSCRIPTION: "a print subscription",
    Evidence.GIFT: "a gift",
    Evidence.LICENCE: "a licence",
    Evidence.STAFF: "a decision of staff",
}
