"""Why the gate is shut, in a sentence or two for the reader: one for every reason that denies."""

from collections.abc import Callable

from backnumber.access import Decision, Fit, Offer, Reason
from backnumber.archive.models import Article
from backnumber.gate.words import day, moment
from backnumber.grants.ends import last_day_in_words

_SUBSCRIPTION = "A subscription opens all of it, every issue since the first."


def why(decision: Decision, article: Article) -> str:
    """Promise: the sentence for a denying decision; no query when `article.issue.title` is loaded."""
    return SENTENCES[decision.reason](decision, article)


def _nothing_of_theirs(decision: Decision, _article: Article) -> str:
    return "It is free to read with an account." if Offer.SIGN_UP in decision.offers else _SUBSCRIPTION


def _lapsed(decision: Decision, _article: Article) -> str:
    if decision.ended is None:
        return "Your access has ended."
    return f"Your access ended on {last_day_in_words(decision.ended)}. Renew it and you read on here."


def _not_begun(decision: Decision, _article: Article) -> str:
    return (
        f"Your access begins on {day(decision.begins)}."
        if decision.begins
        else "Your access has not begun yet."
    )


def _revoked(_decision: Decision, _article: Article) -> str:
    return "Your access was withdrawn. If you do not know why, write to us and we will tell you."


def _other_issues(decision: Decision, article: Article) -> str:
    return f"{_covers(decision)} This article is in {_issue(article)}."


def _covers(decision: Decision) -> str:
    """What the reader does hold, by the names they know it by."""
    elsewhere = {Fit.OTHER_TITLE, Fit.OTHER_DATES, Fit.OTHER_ISSUE, Fit.OTHER_ARTICLE}
    labels = list(
        dict.fromkeys(c.grant.label for c in decision.considered if c.fit in elsewhere and c.grant.label)
    )
    if not labels:
        return "What you have opens other issues."
    return f"You have {' and '.join(f'“{label}”' for label in labels)}, which opens other issues."


def _issue(article: Article) -> str:
    return f"{article.issue.title}, {article.issue.cover_date}"


def _claim_pending(_decision: Decision, _article: Article) -> str:
    return (
        "We are looking at your claim on a print subscription. Somebody compares it with our "
        "records, usually within two working days, and writes to you either way. "
        "There is nothing more you need to do."
    )


def _print_unclaimed(_decision: Decision, _article: Article) -> str:
    return (
        "You take the printed magazine, and the archive comes with it. Claim your print subscription "
        "with your subscriber number, and you read on here."
    )


def _unknown_policy(_decision: Decision, _article: Article) -> str:
    return (
        "Something is wrong with this article’s settings, and that is our fault, not yours. "
        "Write to us and we will open it."
    )


def _embargoed(decision: Decision, article: Article) -> str:
    when = f"is on sale on {day(decision.begins)}" if decision.begins else "is not on sale yet"
    return f"This article is in {_issue(article)}, which {when}. Until then we keep it shut."


def _meter_spent(decision: Decision, _article: Article) -> str:
    """To the minute: a reader who is told only the day comes back too early on it."""
    meter = decision.meter
    if meter is None or meter.allowance < 1:
        return _SUBSCRIPTION
    read = "the one article that is" if meter.allowance == 1 else f"the {meter.allowance} articles that are"
    again = f" You may read another from {moment(meter.frees_at)} on." if meter.frees_at else ""
    return f"You have read {read} free for now.{again} {_SUBSCRIPTION}"


def _not_counted(_decision: Decision, _article: Article) -> str:
    return (
        "Anyone may read some articles like this one free. This visit could not be counted: open the page "
        f"again in a browser that keeps cookies. {_SUBSCRIPTION}"
    )


def _gift_ended(decision: Decision, _article: Article) -> str:
    ended = f"ended on {last_day_in_words(decision.gift.until)}" if decision.gift else "has ended"
    return f"This article was a gift to you, and its link {ended}. {_SUBSCRIPTION}"


SENTENCES: dict[Reason, Callable[[Decision, Article], str]] = {
    Reason.NO_ACCOUNT: _nothing_of_theirs,
    Reason.NO_GRANT: _nothing_of_theirs,
    Reason.LAPSED: _lapsed,
    Reason.NOT_BEGUN: _not_begun,
    Reason.REVOKED: _revoked,
    Reason.OTHER_ISSUES: _other_issues,
    Reason.CLAIM_PENDING: _claim_pending,
    Reason.PRINT_UNCLAIMED: _print_unclaimed,
    Reason.UNKNOWN_POLICY: _unknown_policy,
    Reason.EMBARGOED: _embargoed,
    Reason.METER_SPENT: _meter_spent,
    Reason.NOT_COUNTED: _not_counted,
    Reason.GIFT_ENDED: _gift_ended,
}
