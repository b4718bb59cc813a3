"""What an editor plans with: the weeks to come, and articles that would do for one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q

from backnumber.archive.models import Article
from backnumber.archive.queries import articles_for_lists
from backnumber.edge.page.usage import UseKind
from backnumber.longread import rules
from backnumber.longread.models import Edition, LongRead
from backnumber.usage.models import Use

WEEKS = 26
NOT_AGAIN_FOR = timedelta(days=3 * 365)


@dataclass(frozen=True, slots=True)
class Week:
    """`starts`: the instant at which it begins. `pick` is None where nothing is chosen yet."""

    begins_on: date
    starts: datetime
    pick: LongRead | None
    edition: Edition | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    article: Article
    why: str


def weeks_from(now: datetime, many: int = WEEKS) -> list[Week]:
    """Promise: the week that `now` lies in and those after it, with what is chosen; two queries."""
    zone, rhythm = ZoneInfo(settings.TIME_ZONE), rules.Rhythm(*settings.WEEKLY_BEGINS)
    first = rules.week_of(now.astimezone(zone).date(), rhythm)
    if rules.window(first, zone, rhythm)[0] > now:
        first -= timedelta(days=7)
    days = [first + timedelta(weeks=n) for n in range(many)]
    chosen = LongRead.objects.filter(week__range=(days[0], days[-1] + timedelta(days=6)))
    picks = {
        pick.week: pick
        for pick in chosen.select_related("article__issue__title", "window").defer("article__body")
    }
    editions = {
        one.long_read_id: one
        for one in Edition.objects.filter(long_read__in=picks.values()).defer("html", "text")
    }
    all_days = sorted({*days, *picks})
    return [
        Week(
            day,
            picks[day].window.starts if day in picks else rules.window(day, zone, rhythm)[0],
            picks.get(day),
            editions.get(picks[day].pk) if day in picks else None,
        )
        for day in all_days
    ]


def suggestions(week: date, now: datetime, most: int = 5) -> list[Suggestion]:
    """Promise: published articles that were not sent in three years: those with an anniversary in that week, those printed a round
    number of years before it, and those read most in the last year; each with the reason. No words of any body.
    """
    barred = set(
        LongRead.objects.filter(week__gt=now.date() - NOT_AGAIN_FOR).values_list("article_id", flat=True)
    )
    found: dict[int, str] = {}
    for why, keys in (
        ("it has an anniversary that week", _of_anniversaries(week)),
        ("printed a round number of years before", _of_round_years(week)),
        ("much read in the last year", _most_read(now)),
    ):
        for key in keys[: most + len(barred)]:
            if key not in barred and sum(w == why for w in found.values()) < most:
                found.setdefault(key, why)
    articles = {a.pk: a for a in articles_for_lists().filter(pk__in=found)}
    return [Suggestion(articles[key], why) for key, why in found.items() if key in articles]


def _of_anniversaries(week: date) -> list[int]:
    days = Q()
    for day in (week + timedelta(days=n) for n in range(7)):
        days |= Q(anniversaries__month=day.month, anniversaries__day=day.day)
    return list(Article.objects.filter(days, live=True).order_by("pk").values_list("pk", flat=True)[:50])


def _of_round_years(week: date) -> list[int]:
    years = [week.year - n for n in (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100, 125, 150)]
    printed = Article.objects.filter(
        live=True, issue__live=True, issue__sort_date__year__in=years, issue__sort_date__month=week.month
    )
    return list(printed.order_by("issue__sort_date", "position").values_list("pk", flat=True)[:50])


def _most_read(now: datetime) -> list[int]:
    read = Use.objects.filter(at__gt=now - timedelta(days=365), is_robot=False, kind=UseKind.REQUEST)
    counted = read.values("article").annotate(times=Count("pk")).order_by("-times", "article")
    return [row["article"] for row in counted[:100]]
