"""Fuzzes one target, or each in turn, with Atheris: `make fuzz SECONDS=600`. What it finds is kept beside the corpus.

A finding ends the run: it prints the input, and exits with the fuzzer's code.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MOST_BYTES = 2_048


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--target", default="", help="one target; unset: all, one after the other")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        fuzz(given.target, given.seconds)
        return 0
    sys.path[:0] = [str(HERE.parent)]
    from fuzz.targets import TARGETS  # noqa: PLC0415  # the child imports it under instrumentation

    for name in [given.target] if given.target else list(TARGETS):
        command = [sys.executable, __file__, "--inside", "--target", name, "--seconds", str(given.seconds)]
        if (code := subprocess.run(command, cwd=HERE.parent, check=False).returncode) != 0:
            return code
    return 0


def fuzz(name: str, seconds: int) -> None:
    import atheris  # noqa: PLC0415  # only here: nothing else needs it

    sys.path[:0] = [str(HERE.parent)]
    with atheris.instrument_imports(include=["backnumber", "fuzz", "json"]):
        from fuzz.targets import TARGETS  # noqa: PLC0415
    corpus, found = HERE / "corpus" / name, HERE / "found"
    grown = HERE.parent / "var" / "fuzz" / name
    for folder in (corpus, found, grown):
        folder.mkdir(parents=True, exist_ok=True)
    atheris.Setup(
        [sys.argv[0], str(grown), str(corpus), f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}",
         f"-artifact_prefix={found}/{name}-", "-print_final_stats=1", "-verbosity=1"],
        TARGETS[name],
    )  # fmt: skip
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
