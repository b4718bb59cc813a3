"""The figures as tables, each with its drawing: what the pages show and the CSV holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.dates import MONTHS_3
from django.utils.safestring import SafeString, mark_safe

from backnumber.figures import queries, rules
from backnumber.figures.charts import Bar, bars
from backnumber.money import Amount

YEAR = 12
GATE_DAYS = 30


@dataclass(frozen=True, slots=True)
class Table:
    """`key` stands in addresses; `about` is its definition in a sentence."""

    key: str
    name: str
    about: str
    header: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    chart: str = ""


def subscribers(now: datetime, zone: ZoneInfo) -> list[Table]:
    terms = queries.terms()
    last = rules.month_of(now, zone)
    over = rules.months(rules.after(last, 1 - YEAR), last)
    return [_active(terms, over, zone, now), _flow(terms, over, zone, now), _cohorts(terms, over, zone, now)]


def money(now: datetime, zone: ZoneInfo) -> list[Table]:
    by_currency = rules.recognised(queries.terms(), zone)
    return [
        _revenue(currency, by_month, rules.month_of(now, zone))
        for currency, by_month in sorted(by_currency.items())
    ]


def gate(now: datetime) -> list[Table]:
    articles, sections = queries.steps(now - timedelta(days=GATE_DAYS), now)
    about = f"The last {GATE_DAYS} days: how often the gate was shown to people, orders placed from there, orders paid."
    return [
        _steps("gate-by-section", "The gate, by section", about, sections),
        _steps(
            "gate-by-article",
            "The gate, by article",
            f"{about} The {queries.MOST_ARTICLES} with the most.",
            articles,
        ),
    ]


def _active(terms: Sequence[rules.Term], over: Sequence[rules.Month], zone: ZoneInfo, now: datetime) -> Table:
    at = [min(now, rules.start_of(rules.after(one), zone)) for one in over]
    counted = [rules.active(terms, one) for one in at]
    products = sorted({name for one in counted for name in one})
    rows = tuple(
        (name_of(month), *(one.get(p, 0) for p in products), sum(one.values()))
        for month, one in zip(over, counted, strict=True)
    )
    drawn = bars(
        "Active subscribers",
        [
            Bar(name_of(m), sum(one.values()), str(sum(one.values())))
            for m, one in zip(over, counted, strict=True)
        ],
    )
    return Table(
        "active",
        "Active, by product",
        "Holders of a paid term at the end of the month; in this month, now.",
        ("Month", *products, "All"),
        rows,
        _safe(drawn),
    )


def _flow(terms: Sequence[rules.Term], over: Sequence[rules.Month], zone: ZoneInfo, now: datetime) -> Table:
    found = rules.flows(terms, over, zone, now)
    rows = tuple((name_of(one.month), one.new, one.renewed, one.returned, one.lapsed) for one in found)
    net = [Bar(name_of(one.month), n := one.new + one.returned - one.lapsed, f"{n:+d}") for one in found]
    about = f"New: a first term. Renewed: a term within {rules.GRACE.days} days of the one before. Returned: later. Lapsed: no term within {rules.GRACE.days} days of the end, in the month of the end. The drawing: new and returned less lapsed."
    return Table(
        "flow",
        "New, renewed, lapsed",
        about,
        ("Month", "New", "Renewed", "Returned", "Lapsed"),
        rows,
        _safe(bars("Net growth", net)),
    )


def _cohorts(
    terms: Sequence[rules.Term], over: Sequence[rules.Month], zone: ZoneInfo, now: datetime
) -> Table:
    found = rules.cohorts(terms, over, zone, now)
    width = max((len(one.active) for one in found), default=0)
    rows = tuple(
        (name_of(one.month), one.size, *(f"{gone} %" for gone in one.gone), *[""] * (width - len(one.active)))
        for one in found
    )
    about = "Of those who began in a month: how many in a hundred were no longer active at the end of that month (0) and of each month after."
    return Table(
        "cohorts",
        "Churn, by month of beginning",
        about,
        ("Began in", "Began", *(str(n) for n in range(width))),
        rows,
    )


def _revenue(currency: str, by_month: dict[rules.Month, int], this: rules.Month) -> Table:
    over = rules.months(min(by_month), max(by_month)) if by_month else []
    rows = tuple(
        (
            name_of(one),
            str(Amount(by_month.get(one, 0), currency))
            if by_month.get(one, 0) >= 0
            else f"-{Amount(-by_month[one], currency)}",
        )
        for one in over
    )
    total = sum(by_month.values())
    shown = [one for one in over if rules.after(this, -YEAR) < one <= rules.after(this, YEAR)]
    drawn = bars(
        f"Revenue in {currency}",
        [
            Bar(name_of(one), by_month.get(one, 0), str(Amount(max(0, by_month.get(one, 0)), currency)))
            for one in shown
        ],
    )
    about = "What was paid for terms of months, tax included, earned day by day over the term, less what went back. Months to come are paid and not earned yet."
    return Table(
        f"revenue-{currency.lower()}",
        f"Revenue recognised, {currency}",
        about,
        ("Month", "Earned"),
        (*rows, ("All", str(Amount(total, currency)))),
        _safe(drawn),
    )


def _steps(key: str, name: str, about: str, found: Sequence[queries.Steps]) -> Table:
    rows = tuple((one.name, one.shown, one.ordered, one.bought) for one in found)
    return Table(key, name, about, ("Name", "Gate shown", "Ordered", "Bought"), rows)


def name_of(month: rules.Month) -> str:
    return f"{MONTHS_3[month.month]} {month.year % 100:02d}".capitalize()


def _safe(drawn: str) -> SafeString:
    return mark_safe(drawn)  # made here, every word escaped
