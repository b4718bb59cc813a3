"""How fast an archive comes in, and in how much memory: 84 issues of *Notes and Queries* into an empty database.

    python bench/intake.py [FOLDER]

Without FOLDER the one beside the checkout is taken (or BACKNUMBER_CORPORA). The measures go to docs/benchmarks.md;
beside them stands what parsing the files and nothing else costs, so that the machine is known by it.
"""

import json
import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from results import ROOT, machine, write

RUNS = ("parse only", "dry run", "import", "second run")

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from lxml import html
what, folder = sys.argv[1], Path(sys.argv[2])
if what == "parse only":
    began, used, pieces = time.monotonic(), time.process_time(), 0
    for path in sorted(folder.glob("*.htm")):
        text = path.read_bytes().decode("cp1252", "replace").split("?>", 1)[-1]
        html.document_fromstring(text).text_content()
else:
    import django
    django.setup()
    from backnumber.intake import service
    from backnumber.intake.profile import find, load
    from django.db import connection
    connection.ensure_connection()
    profile = load(find("notes-and-queries"))
    began, used = time.monotonic(), time.process_time()
    report = service.import_html_issues(folder, profile, dry_run=what == "dry run")
    pieces = report.tally.articles
print(json.dumps({"seconds": time.monotonic() - began, "cpu": time.process_time() - used, "articles": pieces,
                  "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def main() -> None:
    beside = Path(os.environ.get("BACKNUMBER_CORPORA") or ROOT.parent / "shared" / "corpora")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else beside / "notes-and-queries"
    if not folder.is_dir():
        sys.exit(f"There is no folder {folder}: give the one that holds the 84 HTML files.")
    with tempfile.TemporaryDirectory() as var:
        environment = {**os.environ, "BACKNUMBER_VAR": var, "DJANGO_SETTINGS_MODULE": "backnumber.settings"}
        environment.pop("DATABASE_URL", None)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], env=environment, check=True)
        measures = {what: _measure(what, folder, environment) for what in RUNS}
    section = _section(folder, measures)
    write("intake", section)
    print(section)


def _measure(what: str, folder: Path, environment: dict[str, str]) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, what, str(folder)],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    print(f"{what}: {done.stdout.strip()}", file=sys.stderr)
    made: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return made


def _section(folder: Path, measures: dict[str, dict[str, float]]) -> str:
    files = [*folder.glob("*.htm"), *folder.glob("*-8.txt")]
    articles = measures["import"]["articles"]
    size = sum(path.stat().st_size for path in files) / 1_000_000
    rows = "\n".join(_row(what, measure) for what, measure in measures.items())
    return f"""## Bringing an archive in

{len(files) - 1} issues of *Notes and Queries*, {size:.1f} MB of HTML, {articles:,.0f} articles, into an empty
embedded database. One process. Time by the clock, time of the processor in this process, peak memory of this
process.
"Parse only" is lxml reading the same files and nothing else, for comparison.

| | seconds | processor seconds | articles per second | peak memory |
|---|---|---|---|---|
{rows}

{datetime.now(UTC):%-d %B %Y}, {machine("Django", "wagtail", "lxml", "psycopg")}; `python bench/intake.py`.
"""


def _row(what: str, measure: dict[str, float]) -> str:
    rate = f"{measure['articles'] / measure['seconds']:,.0f}" if measure["articles"] else "–"
    return f"| {what} | {measure['seconds']:.1f} | {measure['cpu']:.1f} | {rate} | {measure['peak']:.0f} MB |"


if __name__ == "__main__":
    main()
