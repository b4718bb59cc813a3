"""Lines cut into pieces: which head begins an article, which only divides one, which opens a section; who
signed it.

Heading levels differ from issue to issue, so a level means nothing by itself: the first head after a
section's head sets the level of its articles; deeper heads divide an article. Knows no Django.
"""

import re
from dataclasses import dataclass, field, replace

from backnumber.archive.blocks import Block, Heading, Paragraph, text_of, words_in
from backnumber.intake.balance import LeftOut, is_ornament
from backnumber.intake.casing import title_case
from backnumber.intake.headlines import escaped, headline_of
from backnumber.intake.markup import MARK, mark_fits, words_of
from backnumber.intake.numbering import numbered
from backnumber.intake.profile import Profile, SectionKeys, pattern
from backnumber.intake.reading import Kind, Line, PictureSeen, Reading
from backnumber.intake.signatures import BETWEEN, Signature, beside_names, is_place, signature_in, with_names

_DASH_AHEAD = re.compile(r"^(?:\s|\.|—|--|<br>)+(?=\S)")
_BOLD = re.compile(r"^<(b|strong)>[^<]*</\1>$")
LONGEST_HEADLINE = 300


@dataclass(frozen=True, slots=True)
class PieceRead:
    """One article as the source has it. `content` are blocks, and pictures still to be found."""

    headline: str
    section: str
    position: int
    line: int
    content: tuple[Block | PictureSeen, ...]
    byline: str = ""
    contributors: tuple[str, ...] = ()
    standfirst: str = ""
    first_page: str = ""
    last_page: str = ""
    live: bool = True
    words: int = 0
    doubts: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass
class _Draft:
    """A piece being gathered."""

    head: str
    section: str
    line: Line
    lines: list[Line] = field(default_factory=list)
    signed: bool = False
    joins: bool = False
    is_one: bool = False


@dataclass
class _Place:
    """A section that is open: its keys, the level of its head, the level of its articles once known."""

    keys: SectionKeys
    level: int = 0
    articles: int | None = None
    empty: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """`before` are lines that stood before the first piece, `bare` heads with nothing under them, `failed` what no piece could be
    made of: its head's line, why, and its words.
    """

    pieces: tuple[PieceRead, ...]
    before: tuple[Line, ...]
    bare: tuple[Line, ...]
    failed: tuple[tuple[Line, str, str], ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def cut(reading: Reading, profile: Profile) -> Cut:
    """Promise: the pieces of an issue in their order, positions from 1."""
    cutter = _Cutter(profile)
    for line in reading.lines:
        cutter.meet(line)
    pieces: list[PieceRead] = []
    failed: list[tuple[Line, str, str]] = []
    for draft in (d for d in cutter.drafts if d.lines):
        try:
            pieces.append(_piece(draft, len(pieces) + 1, reading.notes, profile))
        except Exception as error:  # one piece must not cost the issue
            reason = f"no article could be made of it ({type(error).__name__}: {error})"
            failed.append((draft.line, reason, " ".join([words_of(draft.head), *map(_text, draft.lines)])))
    bare = tuple(d.line for d in cutter.drafts if not d.lines)
    left_out = (
        *cutter.left_out,
        *(LeftOut("before the first head", _text(line)) for line in cutter.before),
        *(LeftOut("in heads with nothing under them", line.html) for line in bare),
        *(out for piece in pieces for out in piece.left_out),
    )
    return Cut(tuple(pieces), tuple(cutter.before), bare, tuple(failed), left_out)


def _text(line: Line) -> str:
    """The words of a line, whatever it is."""
    if line.block is not None:
        return text_of(line.block)
    return line.picture.caption if line.picture else words_of(line.html)


class _Cutter:
    """Goes through the lines once; what is open is its state."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self.major = _Place(_section_named(profile, profile.sections.default))
        self.minor: _Place | None = None
        self.draft: _Draft | None = None
        self.drafts: list[_Draft] = []
        self.before: list[Line] = []
        self.after_rule = False
        self.left_out: list[LeftOut] = []

    @property
    def place(self) -> _Place:
        return self.minor or self.major

    def meet(self, line: Line) -> None:
        self._meet(line)
        self.after_rule = line.kind is Kind.RULE and (self.after_rule or line.mark.startswith(("hr", "rule")))

    def _meet(self, line: Line) -> None:
        match line.kind:
            case Kind.RULE:
                self._rule(line)
            case Kind.HEAD:
                self._head(line)
            case Kind.TEXT if not line.inner:
                self._text(line)
            case Kind.SUB if self._begins_signed_piece():
                self._begin(line.html, line)
            case _:
                self._gather(line)

    def _rule(self, line: Line) -> None:
        place = self.place
        for keys in self.profile.section:
            if keys.name != place.keys.name and mark_fits(line.mark, keys.opens):
                return self._open_one(keys, line)
        if mark_fits(line.mark, place.keys.ends) and (following := _following(self.profile, place.keys)):
            self._open_one(following, line)
        return None

    def _open_one(self, keys: SectionKeys, line: Line) -> None:
        """A section that a rule opens is one piece to the end of the issue."""
        self.major, self.minor = _Place(keys), None
        self._begin(keys.name, line)

    def _head(self, line: Line) -> None:
        words = words_of(line.html)
        if any(pattern(p).search(words) for p in self.profile.heads.ignore):
            self.left_out.append(LeftOut("in heads to be ignored", words))
            return
        if self._is_reference(words):
            self._gather(replace(line, kind=Kind.TEXT))
        elif keys := self._section_of(words):
            self._enter(keys, line)
        elif self.place.keys.pieces == "one":
            self._head_in_one(line)
        else:
            self._article_head(line)

    def _is_reference(self, words: str) -> bool:
        reference = self.profile.heads.reference
        return bool(reference) and self.draft is not None and bool(pattern(reference).fullmatch(words))

    def _section_of(self, words: str) -> SectionKeys | None:
        if self.place.keys.pieces == "one" and not self.place.level and not self.place.empty:
            return None
        return next((keys for keys in self.profile.section if pattern(keys.match).fullmatch(words)), None)

    def _enter(self, keys: SectionKeys, line: Line) -> None:
        if keys is self.place.keys and keys.pieces == "one":
            return self._head_in_one(replace(line, level=self.place.level + 1))
        if keys.pieces != "one":
            self.left_out.append(LeftOut("in heads of sections", words_of(line.html)))
        place = _Place(keys, line.level)
        if keys.minor:
            self.minor = place
        else:
            self.major, self.minor = place, None
        self.draft = None
        if keys.pieces == "one":
            self._begin(line.html, line, joins=True)
        return None

    def _head_in_one(self, line: Line) -> None:
        """Inside a section that is one piece, a deeper head divides it; the first may go on with its
        headline.
        """
        if self.place.level and line.level <= self.place.level:
            self._article_head(line)
        elif self.draft is not None and self.draft.joins and not self.draft.lines:
            self.draft.head = f"{self.draft.head} {line.html}"
            self.draft.joins = False
        else:
            self._gather(line)

    def _article_head(self, line: Line) -> None:
        minor, major = self.minor, self.major
        if minor is not None:
            if (
                minor.empty
                and (minor.articles is None)
                and minor.keys.pieces != "one"
                and self._opens_items(line)
            ):
                minor.articles = line.level
            if minor.articles is None and minor.level < line.level > (major.articles or 9):
                minor.articles = line.level
            if minor.articles is None or line.level < minor.articles:
                self.minor = None
        if major.keys.pieces in {"one", "drop"} and self.minor is None:
            self.major = major = _Place(
                _section_named(self.profile, self.profile.sections.default), major.level
            )
        place = self.place
        begins = self.after_rule and self.profile.heads.rule_begins
        if place.articles is None or line.level < place.articles or begins:
            place.articles = line.level
        if line.level > place.articles and self.draft is not None:
            self._gather(line)
        else:
            self._begin(line.html, line)

    def _opens_items(self, line: Line) -> bool:
        """A head straight after a minor section's head is one of its items, unless it is no deeper than that
        head.
        """
        return self.minor is not None and line.level > self.minor.level

    def _begins_signed_piece(self) -> bool:
        """Where every piece is signed, a small head before the first or after a signature is that of a piece."""
        keys = self.place.keys
        return keys.pieces == "run-in" and not keys.unsigned and (self.draft is None or self.draft.signed)

    def _text(self, line: Line) -> None:
        if is_ornament(words_of(line.html)):
            return None
        if _BOLD.match(line.html) and (keys := self._section_of(words_of(line.html))):
            return self._enter(keys, replace(line, level=self.major.articles or 3))
        if self.place.keys.pieces == "run-in" and (found := self._run_in(line.html)):
            head, rest = found["head"], found["rest"]
            if head.startswith("["):
                head, rest = head[1:], "[" + _DASH_AHEAD.sub("", rest)
            self._begin(head, line)
            line = replace(line, html=rest)
        return self._gather(line)

    def _run_in(self, html: str) -> "re.Match[str] | None":
        """Where pieces are always signed, italics before a signature begin a piece only with a reference to
        earlier pages.
        """
        keys = self.profile.sections
        signed = self.draft is None or self.draft.signed or self.draft.head == self.place.keys.name
        found = pattern(keys.run_in).match(html)
        if found and (signed or self.place.keys.unsigned or self._refers(found["rest"])):
            return found
        return (
            pattern(keys.run_in_after_signature).match(html)
            if keys.run_in_after_signature and signed
            else None
        )

    def _refers(self, rest: str) -> bool:
        reference = self.profile.heads.reference
        return bool(reference) and bool(pattern(reference).match(rest.lstrip(" .")))

    def _gather(self, line: Line) -> None:
        if self.place.keys.pieces == "drop":
            self.left_out.append(LeftOut("in sections that the profile drops", _text(line)))
            return
        if self.draft is None:
            if not self.drafts and self.place.level == 0 and not self.place.keys.opens:
                self.before.append(line)
                return
            self._begin(self.place.keys.name, line)
        if self.draft is not None:
            self.draft.lines.append(line)
            self.draft.signed = self.draft.signed or signature_in(line, self.profile.signature) is not None
            self.place.empty = False

    def _begin(self, head: str, line: Line, joins: bool = False) -> None:
        self.draft = _Draft(
            head, self.place.keys.name, line, joins=joins, is_one=self.place.keys.pieces == "one"
        )
        self.drafts.append(self.draft)
        self.place.empty = False


def _section_named(profile: Profile, name: str) -> SectionKeys:
    return next((keys for keys in profile.section if keys.name == name), SectionKeys(name=name, match="(?!)"))


def _following(profile: Profile, keys: SectionKeys) -> SectionKeys | None:
    names = [section.name for section in profile.section]
    after = names.index(keys.name) + 1 if keys.name in names else len(names)
    return profile.section[after] if after < len(names) else None


def _piece(draft: _Draft, position: int, notes: dict[str, str], profile: Profile) -> PieceRead:
    headline, reference = headline_of(draft.head, profile)
    lines = _without_dash(draft.lines)
    signatures = [None if draft.is_one else signature_in(line, profile.signature) for line in lines]
    if _is_under_headline(signatures):
        signatures[0] = with_names(signatures[0])
    content, names = _content(lines, signatures, profile)
    if reference:
        content.insert(0, Paragraph(reference))
    whole, doubt = headline, []
    if len(whole) > LONGEST_HEADLINE:
        headline = whole[: LONGEST_HEADLINE - 1].rstrip() + "…"
        content.insert(0, Paragraph(escaped(whole)))
        doubt = [f"its headline has {len(whole)} characters: it was cut, and stands whole above the text"]
    signed = [line.html for line, signature in zip(lines, signatures, strict=True) if signature is not None]
    made, doubts = numbered(content, notes, MARK.findall(draft.head), MARK.findall(" ".join(signed)))
    pages = [p for line in (draft.line, *draft.lines) for p in (line.page, line.until_page) if p]
    return PieceRead(
        headline=headline,
        section=draft.section,
        position=position,
        line=draft.line.at,
        content=tuple(made),
        byline="; ".join(names),
        contributors=names,
        first_page=pages[0] if pages else "",
        last_page=pages[-1] if pages else "",
        words=words_in(block for block in made if not isinstance(block, PictureSeen)),
        doubts=(*doubt, *doubts),
        left_out=tuple(beside_names(lines, signatures)),
    )


def _without_dash(lines: list[Line]) -> list[Line]:
    """The dash between a run-in head and its text belongs to neither."""
    first = lines[0]
    if first.kind is Kind.TEXT and (found := _DASH_AHEAD.match(first.html)):
        return [replace(first, html=first.html[found.end() :]), *lines[1:]]
    return lines


def _content(
    lines: list[Line], signatures: list[Signature | None], profile: Profile
) -> tuple[list[Block | PictureSeen], tuple[str, ...]]:
    """The blocks, and the names signed. A single signature at the end becomes the byline; others stay where
    they stand.
    """
    signed = [at for at, signature in enumerate(signatures) if signature is not None]
    lifted = signed[-1] if len(signed) == 1 and _ends_at(lines, signed[-1], profile) else None
    names = tuple(dict.fromkeys(s.name for s in signatures if s is not None))
    if _is_under_headline(signatures):
        lifted, names = 0, tuple(names[0].split(BETWEEN))
    content: list[Block | PictureSeen] = []
    for at, (line, signature) in enumerate(zip(lines, signatures, strict=True)):
        if signature is None:
            content += _blocks(line, profile)
        else:
            if at != lifted:
                content.append(Paragraph(f"— <em>{escaped(signature.name)}</em>"))
            content += [Paragraph(place) for place in signature.places]
    return content, names


def _is_under_headline(signatures: list[Signature | None]) -> bool:
    """Whether the one signature of a piece stands before its text."""
    return len(signatures) > 1 and signatures[0] is not None and not any(signatures[1:])


def _ends_at(lines: list[Line], at: int, profile: Profile) -> bool:
    return all(line.kind is Kind.TEXT and is_place(line.html, profile.signature) for line in lines[at + 1 :])


def _blocks(line: Line, profile: Profile) -> list[Block | PictureSeen]:
    if line.block is not None:
        return [line.block]
    if line.picture is not None:
        return [line.picture]
    if line.kind in {Kind.TEXT, Kind.SIGNATURE}:
        return [Paragraph(line.html)]
    words = words_of(line.html)
    if (
        not words
        or (profile.heads.reference and pattern(profile.heads.reference).fullmatch(words))
        or (line.kind is Kind.SUB and len(words) > 120)
    ):
        return [Paragraph(line.html)] if words else []
    cased = title_case(words.removesuffix(".")) if profile.heads.case == "title" else words.removesuffix(".")
    return [Heading(cased, 3 if line.kind is Kind.SUB else 2)]
