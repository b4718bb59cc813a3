"""The words of a source held against the words filed: what is missing is found, with its line. Knows no Django.

Words are compared without regard to case, punctuation and order; a word that stands in several places is looked for where most
of what stands around it is missing too.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from backnumber.intake.markup import BLOCK_TAGS, Element, is_element

_WORD = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ORNAMENT = re.compile(r"[\s*•·.…—–\-_=~#⁂❦❧☙§¶†‡+|/\\]*")
UNREAD = frozenset({"script", "style", "template", "head", "title", "meta", "link"})
APART = BLOCK_TAGS | {
    "br",
    "button",
    "caption",
    "option",
    "select",
    "textarea",
    "iframe",
    "object",
    "svg",
}
SHOWN = 12  # words of a gap that a report repeats


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand together, from one block's edge to the next, and the line they begin on."""

    line: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is not brought in on purpose: why, as the summary counts it, and its text."""

    why: str
    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """How many words an issue's file holds, how many were filed, left out on purpose, and lost."""

    read: int = 0
    filed: int = 0
    left_out: int = 0
    lost: int = 0

    def __add__(self, other: "Words") -> "Words":
        return Words(
            self.read + other.read,
            self.filed + other.filed,
            self.left_out + other.left_out,
            self.lost + other.lost,
        )


def words(text: str) -> list[str]:
    """Promise: the words of a text as they are compared."""
    return _WORD.findall(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).casefold())


def is_ornament(text: str) -> bool:
    """Promise: whether a line only divides, as three stars do: it holds neither a letter nor a "?"."""
    return _ORNAMENT.fullmatch(text) is not None


def runs(root: Element, first_line: int, passes_over: Callable[[Element], bool]) -> tuple[Run, ...]:
    """Promise: every word a reader could see inside `root`, but for elements to pass over, in their order."""
    made: list[Run] = []
    texts: list[str] = []
    begins = 0
    for line, text in _texts(root, first_line, passes_over):
        if text is None:
            if found := words("".join(texts)):
                made.append(Run(begins, tuple(found)))
            texts, begins = [], 0
        elif text:
            if not begins and text.strip():
                begins = line + text[: len(text) - len(text.lstrip())].count("\n")
            texts.append(text)
    if found := words("".join(texts)):
        made.append(Run(begins, tuple(found)))
    return tuple(made)


def _texts(
    root: Element, first_line: int, passes_over: Callable[[Element], bool]
) -> Iterator[tuple[int, str | None]]:
    """Text with its line; None where a block, and with it a word, begins or ends. Without recursion: pages nest deep."""
    line = 1
    waiting: list[tuple[Element, bool]] = [(root, False)]
    while waiting:
        element, is_left = waiting.pop()
        if not is_left:
            line = max(line, element.sourceline or 1)
            is_read = is_element(element) and element.tag not in UNREAD and not passes_over(element)
            if is_element(element) and element.tag in APART:
                yield line, None
            if is_read:
                yield line + first_line - 1, element.text or ""
                line += (element.text or "").count("\n")
            waiting.append((element, True))
            if is_read:
                waiting += [(child, False) for child in reversed(element)]
            continue
        if is_element(element) and element.tag in APART:
            yield line, None
        if element is not root:
            yield line + first_line - 1, element.tail or ""
            line += (element.tail or "").count("\n")


@dataclass(frozen=True, slots=True)
class Gap:
    """Words of the source that were not filed, and their line."""

    line: int
    words: tuple[str, ...]

    def __str__(self) -> str:
        shown = " ".join(self.words[:SHOWN]) + (" …" if len(self.words) > SHOWN else "")
        count = len(self.words)
        return f"{count} word{'s' if count != 1 else ''} of the file {'were' if count != 1 else 'was'} not filed: {shown}"


def gaps(source: Sequence[Run], filed: Iterable[str]) -> list[Gap]:
    """Promise: what is missing, in the order of the source; nothing when every word was filed."""
    missing = Counter(word for run in source for word in run.words)
    missing.subtract(filed)
    if max(missing.values(), default=0) <= 0:
        return []
    found: dict[int, Gap] = {}
    for at in sorted(range(len(source)), key=lambda n: -_share(source[n], missing)):
        taken = []
        for word in source[at].words:
            if missing[word] > 0:
                missing[word] -= 1
                taken.append(word)
        if taken:
            found[at] = Gap(source[at].line, tuple(taken))
    return _joined([(at, found[at]) for at in sorted(found)])


def _share(run: Run, missing: Counter[str]) -> float:
    return sum(missing[word] > 0 for word in run.words) / len(run.words)


def _joined(found: list[tuple[int, Gap]]) -> list[Gap]:
    """Runs that follow each other are one gap."""
    made: list[Gap] = []
    last = -2
    for at, gap in found:
        if at == last + 1:
            made[-1] = Gap(made[-1].line, made[-1].words + gap.words)
        else:
            made.append(gap)
        last = at
    return made
