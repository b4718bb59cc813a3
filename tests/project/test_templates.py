"""Of two templates with one name only the first room's is ever shown: there are no two."""

from collections import Counter
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"


def test_no_template_of_ours_hides_another() -> None:
    folders = [path for path in SRC.rglob("templates") if path.is_dir()]
    names = Counter(str(path.relative_to(folder)) for folder in folders for path in folder.rglob("*.html"))
    assert len(names) > 100
    assert [name for name, number in names.items() if number > 1] == []
