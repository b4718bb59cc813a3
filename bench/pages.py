"""How much the door costs, and what it holds: docs/benchmarks.md, between its markers.

    python bench/pages.py [--part PART] [--articles N] [--seconds S] [--fresh]

Parts: rendering (rendering), cpu (processor time a request), publish (latency while an editor publishes), growth (1,000 to 100,000 articles),
start (publish to visible, cold start). Without --part all of them. With --articles or --seconds it is a try: the tables are shown
and not written down. The site is kept in var/bench-pages; --fresh lays it anew. It ends with 0 when a target is missed: it measures.
"""

import argparse
import sys
import time

from door import cpu, growth, publishing, rendering, site, starting, tables
from door.plan import Part, Plan

PARTS: dict[str, Part] = {
    "render": rendering.measure,
    "cpu": cpu.measure,
    "publish": publishing.measure,
    "growth": growth.measure,
    "start": starting.measure,
}
SHOWN = ("cpu", "publish", "growth", "start", "render")


def main() -> None:
    told = _arguments()
    if told.fresh:
        site.clear()
    site.start_postgresql()
    plan, is_try = _plan(told)
    for part in [told.part] if told.part else PARTS:
        print(f"\n— {part} —", flush=True)
        before, began = tables.moment(), time.monotonic()
        text = PARTS[part](plan)
        text += f"\n\n{tables.stamp(before, ' '.join(['python', *sys.argv]))}"
        print(f"\n{text}\n\n{part} took {time.monotonic() - began:,.0f} s", flush=True)
        if not is_try:
            tables.keep(part, text)
            tables.publish(SHOWN)


def _arguments() -> argparse.Namespace:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--part", choices=PARTS)
    said.add_argument("--articles", type=int, help="a try with so many articles at most")
    said.add_argument("--seconds", type=float, help="a try with rounds of so many seconds")
    said.add_argument("--fresh", action="store_true", help="lay the site anew")
    return said.parse_args()


def _plan(told: argparse.Namespace) -> tuple[Plan, bool]:
    """The plan, and whether it is a try only."""
    plan = Plan()
    if told.articles:
        small = max(told.articles // 100, 40)
        plan.sizes = (small, max(told.articles // 10, small + 20), max(told.articles, small + 40))
    if told.seconds:
        plan.seconds, plan.rounds, plan.publishes, plan.starts = told.seconds, 2, 5, 2
        plan.while_publishing = told.seconds * 2
    return plan, bool(told.articles or told.seconds)


if __name__ == "__main__":
    main()
