"""Sets label sheets, in a process of its own: typst keeps what it has set once in memory, and thousands of sheets are much.

    python -m backnumber.copies.setting TIMESTAMP < labels.json > sheets.pdf

It knows neither Django nor the database. The fonts are typst's own and the reading face; no file but the template is read.
"""

import subprocess
import sys
from pathlib import Path

import font_source_serif_pro
import typst

FOLDER = Path(__file__).with_name("typesetting")
TAKES_AT_MOST = 120.0  # seconds, for the sheets of one part; they take two or three


class NotSet(RuntimeError):
    """Typst could not set the sheets; the message is its own."""


def sheets_of(said: bytes, timestamp: int) -> bytes:
    """Promise: the PDF of what is said, as JSON; the same bytes for the same words and second, with the same version of typst.
    Errors: NotSet.
    """
    command = [sys.executable, "-m", "backnumber.copies.setting", str(timestamp)]
    try:
        done = subprocess.run(
            command, input=said, capture_output=True, check=False, timeout=TAKES_AT_MOST
        )  # our own words
    except subprocess.TimeoutExpired as why:
        raise NotSet(f"the sheets were not set within {TAKES_AT_MOST:.0f} seconds") from why
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF"):
        raise NotSet(done.stderr.decode(errors="replace")[-500:])
    return done.stdout


def _set(said: bytes, timestamp: int) -> bytes:
    faces = Path(font_source_serif_pro.__file__).parent / "files"
    compiler = typst.Compiler(
        (FOLDER / "labels.typ").read_bytes(),
        root=FOLDER,
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(faces)]
        ),
        ignore_system_fonts=True,
        sys_inputs={"said": said.decode()},
        package_path=FOLDER,
        package_cache_path=FOLDER,
    )
    made = compiler.compile(format="pdf", timestamp=timestamp)
    assert isinstance(made, bytes)
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(_set(sys.stdin.buffer.read(), int(sys.argv[1])))
