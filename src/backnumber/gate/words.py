"""What editors and the help desk are told of the rule's answers: policies, reasons, and where a thing is set."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from backnumber.access import Policy, Reason
from backnumber.archive.models import Article

POLICIES = {
    Policy.OPEN: "open: anyone may read",
    Policy.SIGN_IN: "sign-in: anyone with an account may read",
    Policy.METERED: "metered: subscribers, and anyone else while the meter has reads left",
    Policy.SUBSCRIBERS: "subscribers: a right to the archive is needed",
}
NO_POLICY = "none the rule knows: it denies"

REASONS = {
    Reason.OPEN: "The article is open to anyone.",
    Reason.SIGNED_IN: "The article is open to anyone with an account, and the reader has one.",
    Reason.FREE_NOW: "The article is in a free window.",
    Reason.FREE_BY_AGE: "The article is old enough to be free: its moving wall has passed.",
    Reason.FREE_WHILE_NEW: "The article is new enough to be free: its moving wall has not come yet.",
    Reason.GRANT: "A grant opens it.",
    Reason.LICENCE: "The licence of the institution, on whose network the reader is, opens it.",
    Reason.GIFT: "A subscriber’s gift link opens it.",
    Reason.METERED: "The meter had a read left for it, or it was read before within the period.",
    Reason.NO_ACCOUNT: "Nobody in particular asks, and the article needs an account or a grant.",
    Reason.NO_GRANT: "The reader has no grant at all that could open it.",
    Reason.LAPSED: "The reader had a grant for it, which has ended.",
    Reason.NOT_BEGUN: "The reader has a grant for it, which has not begun.",
    Reason.REVOKED: "The reader had a grant for it, which was revoked.",
    Reason.OTHER_ISSUES: "The reader has grants, for other things than this article.",
    Reason.CLAIM_PENDING: "The reader’s claim on a print subscription waits for staff.",
    Reason.PRINT_UNCLAIMED: "The bureau lists a print subscription with the reader’s address, unclaimed.",
    Reason.UNKNOWN_POLICY: "The policy stored for the article is none the rule knows: it denies.",
    Reason.EMBARGOED: "The issue is not on sale yet: only a right given by staff opens it.",
    Reason.METER_SPENT: "The reads of the meter are spent.",
    Reason.NOT_COUNTED: (
        "The article is metered, and this visit is not counted: a crawler, a page fetched ahead, or no cookie."
    ),
    Reason.GIFT_ENDED: "The gift link the reader came by has ended.",
}


def set_on(article: Article, level: str) -> str:
    """Promise: the thing that sets a policy or a wall, by name; `level` is as `archive.rules` says, empty for none."""
    named = {
        "": "set nowhere",
        "article": "set on the article itself",
        "issue": f"set on its issue, {article.issue}",
        "section": f"set on its section, {article.section}",
    }
    return named.get(level, f"set on its title, {article.issue.title}")


def moment(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y, H:i")


def day(instant: datetime) -> str:
    return date_format(timezone.localtime(instant), "j F Y")
