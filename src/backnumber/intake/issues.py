"""One file as one issue: its number, its date, its pieces. Knows no Django."""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from backnumber.archive.blocks import text_of
from backnumber.archive.rules import FIRST_DAY
from backnumber.intake import balance, lines, plain_text, rules
from backnumber.intake.balance import Words
from backnumber.intake.casing import mostly_capitals
from backnumber.intake.decoding import Decoded, decode
from backnumber.intake.markup import words_of
from backnumber.intake.pieces import Cut, PieceRead, cut
from backnumber.intake.profile import IssueKeys, Profile, pattern
from backnumber.intake.reading import PictureSeen, Reading, Unreadable, rules_of
from backnumber.intake.report import Finding, Weight

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_TAGS = re.compile(
    r"<(?:style|script|title)\b.*?</(?:style|script|title)\s*>|<[^>]*>|&nbsp;", re.IGNORECASE | re.DOTALL
)
_INLINE = re.compile(r"</?(?:span|b|i|em|strong|small|a)\b[^>\n]*>", re.IGNORECASE)
_SEASONS = {
    "spring": 4, "easter": 4, "lent": 3, "summer": 7, "trinity": 6, "autumn": 10, "fall": 10, "michaelmas": 10,
    "christmas": 12, "winter": 1, "hilary": 1,
}  # fmt: skip
LONGEST_SLUG = 60
AHEAD, FARTHEST = (
    timedelta(days=62),
    2,
)  # a magazine bears a date some weeks ahead; one of years ahead is a slip
NOT_IN_SOURCE = frozenset({"of page numbers", "in elements that the profile drops", "labels of notes"})
LONGEST_PIECE, SHORTEST_PIECE = 12_000, 8


@dataclass(frozen=True, slots=True)
class IssueRead:
    """An issue as its file has it."""

    file: str
    number: str
    slug: str
    cover_date: str
    sort_date: date
    volume: str
    volume_years: str
    first_page: str
    last_page: str
    pieces: tuple[PieceRead, ...]
    dropped: int
    words: Words = field(default_factory=Words)
    left_out: tuple[tuple[str, int], ...] = ()
    live: bool = True

    @property
    def key(self) -> str:
        return f"{self.sort_date.year}/{self.slug}"


def read_issue(
    file: str, raw: bytes, profile: Profile, is_text: bool, today: date
) -> tuple[IssueRead, list[Finding]]:
    """Promise: the issue, and what a person should look at; one of a day to come is not live. Errors: Unreadable when it
    cannot be brought in.
    """
    decoded = decode(raw)
    findings = [Finding(Weight.DOUBTFUL, file, line, "", reason) for line, reason in decoded.doubts]
    _refuse_half(decoded, profile, is_text)
    head, first_line = _start(decoded.text, profile, is_text)
    number = _number(head, first_line, profile.issue)
    cover_date, day, doubt, line = _date(head, first_line, profile.issue)
    _refuse_implausible(cover_date, day, line, today)
    findings += [Finding(Weight.DOUBTFUL, file, line, "", reason) for line, reason in doubt]
    reading = (
        plain_text.read(decoded.text, profile.plain_text)
        if is_text
        else lines.read(decoded.text, rules_of(profile))
    )
    made = cut(reading, profile)
    if not made.pieces:
        raise Unreadable(1, "no article was found in it: does the profile's `heads.selectors` fit?")
    findings += _doubts(file, made, reading)
    lost, totals, left_out = _balance(file, made, reading)
    read = _issue(file, number, cover_date, day, made, profile, reading.dropped)
    if day > today + AHEAD:
        reason = f"its date, {cover_date}, is in the future: brought in, not published"
        findings.append(Finding(Weight.CLOSED, file, line, "", reason))
        read = replace(read, live=False, pieces=tuple(replace(piece, live=False) for piece in read.pieces))
    return replace(read, words=totals, left_out=left_out), [*findings, *lost]


def _refuse_implausible(printed: str, day: date, line: int, today: date) -> None:
    """Errors: Unreadable for a date that no issue bears."""
    if day < FIRST_DAY:
        raise Unreadable(line, f"{printed!r} is no date of an issue: it is before {FIRST_DAY.year}")
    if day.year > today.year + FARTHEST:
        raise Unreadable(line, f"{printed!r} is no date of an issue: it is more than {FARTHEST} years ahead")


def _balance(
    file: str, made: Cut, reading: Reading
) -> tuple[list[Finding], Words, tuple[tuple[str, int], ...]]:
    """Words in and words out: what was neither filed nor left out on purpose is listed, with its line and piece."""
    filed = [word for piece in made.pieces for word in words_filed(piece)]
    out = Counter[str]()
    left_out: list[str] = []
    for one in (*reading.left_out, *made.left_out):
        found = balance.words(one.text)
        left_out += found
        out[one.why] += len(found)
    failed = [word for _, _, text in made.failed for word in balance.words(text)]
    missing = balance.gaps(reading.source, [*filed, *left_out, *failed])
    lost = len(failed) + sum(len(gap.words) for gap in missing)
    findings = [Finding(Weight.LOST, file, gap.line, _piece_at(made, gap.line), str(gap)) for gap in missing]
    findings += [
        Finding(Weight.REFUSED, file, line.at, words_of(line.html)[:120], why) for line, why, _ in made.failed
    ]
    read = sum(len(run.words) for run in reading.source) + sum(
        len(balance.words(one.text)) for one in reading.left_out if one.why in NOT_IN_SOURCE
    )
    return findings, Words(read, len(filed), len(left_out), lost), tuple(sorted(out.items()))


def words_filed(piece: PieceRead) -> list[str]:
    """Promise: every word of a piece that a reader of the archive can find."""
    parts = [piece.headline, piece.standfirst, piece.byline]
    parts += [b.caption if isinstance(b, PictureSeen) else text_of(b) for b in piece.content]
    return balance.words("\n".join(parts))


def _piece_at(made: Cut, line: int) -> str:
    return next((piece.headline for piece in reversed(made.pieces) if piece.line <= line), "")


def _refuse_half(decoded: Decoded, profile: Profile, is_text: bool) -> None:
    last = decoded.text.count("\n") + 1
    if is_text:
        whole = not profile.plain_text.end or pattern_lines(profile.plain_text.end, decoded.text)
        wanted = f"a line like {profile.plain_text.end!r}"
    else:
        whole = not profile.files.ends_with or profile.files.ends_with.lower() in decoded.text[-2000:].lower()
        wanted = profile.files.ends_with
    if not whole:
        raise Unreadable(last, f"it ends in the middle: {wanted} is missing")


def pattern_lines(text: str, whole: str) -> bool:
    return any(pattern(text).search(line) for line in whole.split("\n"))


def _start(text: str, profile: Profile, is_text: bool) -> tuple[str, int]:
    """The words in which number and date are looked for, tags blanked so that lines still count, and the line
    they begin on.
    """
    begins = 0
    if is_text and profile.plain_text.begin:
        begins = next(
            (
                m.end()
                for m in re.finditer(r"[^\n]*\n", text)
                if pattern(profile.plain_text.begin).search(m[0])
            ),
            0,
        )
    elif not is_text and (body := re.search(r"<body\b", text, re.IGNORECASE)):
        begins = body.start()
    words = _TAGS.sub(
        lambda m: "" if _INLINE.match(m[0]) else " " + "\n" * m[0].count("\n"),
        text[begins : begins + 5 * profile.issue.within],
    )
    words = words.replace("&amp;", "&").replace("&mdash;", "—")
    return words[: profile.issue.within], text.count("\n", 0, begins) + 1


def _number(head: str, first_line: int, keys: IssueKeys) -> str:
    found = pattern(keys.number).search(head)
    if not found:
        raise Unreadable(
            first_line, f"no issue number was found by `issue.number` in its first {keys.within} characters"
        )
    return found[1] if found.re.groups else found[0]


def _date(head: str, first_line: int, keys: IssueKeys) -> tuple[str, date, list[tuple[int, str]], int]:
    found = next(filter(None, (pattern(p).search(head) for p in keys.date)), None)
    if not found:
        raise Unreadable(
            first_line, f"no date was found by `issue.date` in its first {keys.within} characters"
        )
    line = first_line + head.count("\n", 0, found.start())
    printed = " ".join(found[0].split()).rstrip(". ")
    parts = found.groupdict()
    months = [m.lower() for m in keys.months or _MONTHS]
    month = str(parts.get("month") or "").lower()
    at = next((n for n, name in enumerate(months, 1) if month and name.startswith(month[:4].rstrip("."))), 0)
    at = at or _SEASONS.get(month, 0)
    try:
        day = date(int(parts["year"] or 0), at if month else 1, int(parts.get("day") or 1))
    except (ValueError, KeyError, OverflowError) as error:
        raise Unreadable(line, f"{printed!r} is no date: {error}") from None
    shown = (
        re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), printed) if mostly_capitals(printed) else printed
    )
    return shown, day, _wrong_weekday(parts.get("weekday"), day, shown, line, keys), line


def _wrong_weekday(
    weekday: str | None, day: date, printed: str, line: int, keys: IssueKeys
) -> list[tuple[int, str]]:
    names = [d.lower() for d in keys.weekdays or _DAYS]
    if not weekday or weekday.lower() not in names or names.index(weekday.lower()) == day.weekday():
        return []
    return [(line, f"{printed!r} was a {_DAYS[day.weekday()]}")]


def _doubts(file: str, made: Cut, reading: Reading) -> list[Finding]:
    """What a person should look at in a file that was read."""
    found = [
        Finding(
            Weight.DOUBTFUL,
            file,
            line.at,
            "",
            f"a head with nothing under it: {re.sub(r'<[^>]*>', '', line.html)[:80]}",
        )
        for line in made.bare
    ]
    if made.before and (words := sum(len(line.html.split()) for line in made.before)) > 60:
        found.append(
            Finding(Weight.LEFT_OUT, file, made.before[0].at, "", f"{words} words before the first head")
        )
    found += [Finding(Weight.DOUBTFUL, file, line, "", reason) for line, reason in reading.refused[:50]]
    for piece in made.pieces:
        words = piece.words
        if words > LONGEST_PIECE:
            found.append(
                Finding(
                    Weight.DOUBTFUL,
                    file,
                    piece.line,
                    piece.headline,
                    f"very long: {words} words; was a head missed?",
                )
            )
        elif words < SHORTEST_PIECE:
            shown = " ".join(text_of(b) for b in piece.content if not isinstance(b, PictureSeen))[:80]
            found.append(Finding(Weight.DOUBTFUL, file, piece.line, piece.headline, f"very short: {shown!r}"))
        found += [Finding(Weight.DOUBTFUL, file, piece.line, piece.headline, doubt) for doubt in piece.doubts]
        if reading.odd_letters and (odd := _odd_letters(piece)):
            letters = ", ".join(f"U+{ord(letter):04X}" for letter in odd)
            reason = f"holds letters that are in no common font: {letters}"
            found.append(Finding(Weight.DOUBTFUL, file, piece.line, piece.headline, reason))
    return found


def _odd_letters(piece: PieceRead) -> list[str]:
    whole = " ".join([piece.headline, *(text_of(b) for b in piece.content if not isinstance(b, PictureSeen))])
    return sorted(set(lines.PRIVATE.findall(whole)))


def _issue(
    file: str, number: str, cover_date: str, day: date, made: Cut, profile: Profile, dropped: int
) -> IssueRead:
    volume = next((v for v in profile.volume if number.isdigit() and v.first <= int(number) <= v.last), None)
    months = profile.issue.months or _MONTHS
    slug = profile.issue.slug.format(
        number=number,
        volume=volume.number if volume else "none",
        year=day.year,
        month=f"{day.month:02d}",
        day=f"{day.day:02d}",
        month_name=months[day.month - 1].lower(),
    )
    pages = [p for piece in made.pieces for p in (piece.first_page, piece.last_page) if p]
    return IssueRead(
        file=file,
        number=number,
        slug=rules.slug(slug, "issue", LONGEST_SLUG),
        cover_date=cover_date[:60],
        sort_date=day,
        volume=volume.number if volume else "",
        volume_years=volume.years if volume else "",
        first_page=pages[0] if pages else "",
        last_page=pages[-1] if pages else "",
        pieces=made.pieces,
        dropped=dropped,
    )
