"""What the fuzzer knows by heart is asked again by every run of the tests, and by hypothesis with bytes of its own."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz import targets
from tests import loops

CORPUS = Path(targets.__file__).parent / "corpus"
KEPT = sorted(CORPUS.glob("*/*"))


def ask(name: str, data: bytes) -> None:
    loops.apart(lambda: targets.TARGETS[name](data))


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_the_corpus_finds_nothing(kept: Path) -> None:
    ask(kept.parent.name, kept.read_bytes())


def test_every_target_has_a_corpus_and_it_is_small() -> None:
    assert {path.parent.name for path in KEPT} == set(targets.TARGETS)
    assert sum(path.stat().st_size for path in KEPT) < 200_000


@pytest.mark.parametrize("name", targets.TARGETS)
@given(data=st.binary(max_size=400))
def test_bytes_of_any_kind_find_nothing(name: str, data: bytes) -> None:
    ask(name, data)


def test_control_a_front_that_lets_the_text_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(targets, "GATED", b"the opening")
    with pytest.raises(targets.Leaked):
        ask("request", b"GET\n\n\n192.0.2.9\n")
