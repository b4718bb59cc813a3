"""Part 5: how many pages a second are rendered, in archives of three sizes, by one process and by two."""

from door.plan import Plan
from door.site import BenchSite, Rendered
from door.tables import table
from door.words import A_TITLE


def measure(plan: Plan) -> str:
    rows = []
    for size in plan.sizes:
        site = plan.site(size)
        alone, both = _alone(site), site.render(2, anew=True)
        rows.append(_row(size, alone, 1))
        rows.append(_row(size, both, 2))
        print(f"{size:,} articles: {alone.pace:.1f} a second alone, {both.pace:.1f} with two")
    head = [
        "articles in the archive",
        "processes",
        "pages rendered",
        "seconds",
        "pages a second",
        "a second and process",
    ]
    return f"""### Printing

`backnumber render --all --kind article`: twenty articles at a time, each rendered for all its cases, compressed twice,
and stored, in one transaction.
The database works on the same cores. Seconds are those that the command itself says.

{table(head, rows)}"""


def _alone(site: BenchSite) -> Rendered:
    """One process prints the last title of a large archive only: it would take an hour, and its pace shows sooner."""
    last = (site.count - 1) // A_TITLE
    return site.render(1, anew=True, title=f"title-{last}")


def _row(size: int, pressed: Rendered, workers: int) -> list[str]:
    pace = pressed.pace
    return [
        f"{size:,}",
        str(workers),
        f"{pressed.pages:,}",
        f"{pressed.seconds:,.1f}",
        f"{pace:.1f}",
        f"{pace / workers:.1f}",
    ]
