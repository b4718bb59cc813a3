"""What a page costs that Django answers: docs/benchmarks.md, between its markers.

    python bench/django_pages.py [--articles N] [--rounds N] [--beside FOLDER]

One process and one thread, set up as the server's are, is asked for every page in turn, round after round; beside them for a bare
view with a template and a session. With --beside, the `src` of another checkout is measured in turn with this one, over the same
database. With --articles or --rounds it is a try that writes nothing. It ends with 0 when a target is missed: it measures.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from door import site, tables
from results import machine, write

ARTICLES, ROUNDS = 4_650, 60
BARE = "bare view, template and session"
MOST_MS, MOST_TIMES = 10, 2.5
Quartiles = dict[str, list[float]]


def main() -> None:
    told = _arguments()
    laid = site.lay(told.articles or ARTICLES)
    before = tables.moment()
    earlier = _measured(laid.environment, told.rounds or ROUNDS, told.beside) if told.beside else None
    now = _measured(laid.environment, told.rounds or ROUNDS)
    command = " ".join(["python", *(one for one in sys.argv if one != told.beside)])
    text = _section(told.articles or ARTICLES, told.rounds or ROUNDS, now, earlier)
    text += f"\n{machine('Django', 'psycopg', 'tantivy')}. {tables.stamp(before, command)}\n"
    print(text)
    if not (told.articles or told.rounds):
        write("django", text)


def _arguments() -> argparse.Namespace:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--articles", type=int, help="a try with so many articles")
    said.add_argument("--rounds", type=int, help="a try with so many rounds")
    said.add_argument("--beside", help="the src folder of another checkout")
    return said.parse_args()


def _measured(environment: dict[str, str], rounds: int, beside: str = "") -> Quartiles:
    paths = f"{Path(beside).resolve()}:{environment['PYTHONPATH']}" if beside else environment["PYTHONPATH"]
    done = subprocess.run(
        [sys.executable, "-m", "door.django_pages"],
        env={**environment, "BENCH_ROUNDS": str(rounds), "PYTHONPATH": paths},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    quartiles: Quartiles = json.loads(done.stdout)
    return quartiles


def _section(articles: int, rounds: int, now: Quartiles, earlier: Quartiles | None) -> str:
    head = [
        "",
        "ms a request: median (quartiles)",
        "× bare",
        *(["before, × bare"] if earlier else []),
        "target",
    ]
    rows = [_row(what, now, earlier) for what in now]
    return f"""## What Django answers

Processor time (`time.process_time`) of one process and thread, set up as the server's are, which is asked for every page in turn,
{rounds} rounds; {articles:,} made-up articles of some 2,700 words. The database's own time is not in it. The bare view stands within the
site's own template and middleware. A search shows twenty pieces, a feed twenty openings, a section thirty. \
Each page was asked for before and nothing has changed since, so that what a process remembers (feeds, lead-ins, how the words of a text are
spelled) is remembered: a text that is found for the first time costs more.
"× bare" does not depend on the machine's pace, which changes from hour to hour; the milliseconds do.

{tables.table(head, rows)}
"""


def _row(what: str, now: Quartiles, earlier: Quartiles | None) -> list[str]:
    low, middle, high = now[what]
    times = middle / now[BARE][1]
    then = [f"{earlier[what][1] / earlier[BARE][1]:.1f} ({earlier[what][1]:.1f} ms)"] if earlier else []
    shown = [what, f"{middle:.1f} ({low:.1f} to {high:.1f})", f"{times:.1f}", *then]
    if what == BARE:
        return [*shown, "–"]
    if what.startswith(("search", "feed")):
        return [*shown, f"at most {MOST_MS} ms: {'met' if middle <= MOST_MS else '**missed**'}"]
    return [*shown, f"at most {MOST_TIMES} ×: {'met' if times <= MOST_TIMES else '**missed**'}"]


if __name__ == "__main__":
    main()
