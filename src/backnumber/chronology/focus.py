"""What an article is mainly about: its findings weighed by where they stand."""

from collections.abc import Iterable, Sequence

from backnumber.chronology.types import Block, Finding, Focus, Kind, Subject, Weight, WeightedSpan

OF_A_PLACE = {
    Weight.TITLE: 6.0,
    Weight.STANDFIRST: 4.0,
    Weight.LEAD: 2.0,
    Weight.BODY: 1.0,
    Weight.QUOTATION: 0.5,
    Weight.NOTE: 0.25,
}
AT_MOST = 12
OPEN_REACH = 10  # how many years a time with an open end is counted for
WIDE = 150  # a span wider than this tells less and less


def focus_of(blocks: Sequence[Block], findings: Iterable[Finding]) -> Focus:
    """Promise: the findings' times and subjects by weight. A block's place, a finding's confidence and, for a wide span, its width
    decide; the time of an edition or a citation counts for nothing.
    """
    starts: list[tuple[int, float]] = []
    at = 0
    for block in blocks:
        starts.append((at, OF_A_PLACE[block.weight]))
        at += len(block.text) + 2
    times: dict[str, tuple[int, int, float]] = {}
    subjects: dict[str, tuple[str, Kind, float]] = {}
    place = 0
    for finding in findings:
        while place + 1 < len(starts) and starts[place + 1][0] <= finding.start:
            place += 1
        weight = starts[place][1] * finding.confidence
        if finding.kind is not Kind.TIME:
            label, kind, so_far = subjects.get(finding.key, (finding.label, finding.kind, 0.0))
            subjects[finding.key] = (label, kind, so_far + weight)
        elif finding.narrative and (bounds := _bounds(finding)) is not None:
            lo, hi = bounds
            weight *= min(1.0, WIDE / (hi - lo + 1))
            times[finding.edtf] = (lo, hi, times.get(finding.edtf, (lo, hi, 0.0))[2] + weight)
    return _focus(times, subjects)


def _bounds(finding: Finding) -> tuple[int, int] | None:
    if finding.lo is None and finding.hi is None:
        return None
    lo = finding.lo if finding.lo is not None else (finding.hi or 0) - OPEN_REACH
    hi = finding.hi if finding.hi is not None else lo + OPEN_REACH
    return lo, hi


def _focus(times: dict[str, tuple[int, int, float]], subjects: dict[str, tuple[str, Kind, float]]) -> Focus:
    all_time = sum(weight for _, _, weight in times.values()) or 1.0
    spans = [
        WeightedSpan(edtf, lo, hi, round(weight / all_time, 4)) for edtf, (lo, hi, weight) in times.items()
    ]
    spans.sort(key=lambda span: (-span.weight, span.lo, span.hi, span.edtf))
    totals: dict[Kind, float] = {}
    for _, kind, weight in subjects.values():
        totals[kind] = totals.get(kind, 0.0) + weight
    named = [
        Subject(key, label, kind, round(weight / totals[kind], 4))
        for key, (label, kind, weight) in subjects.items()
    ]
    named.sort(key=lambda subject: (-subject.weight, subject.key))
    lo, hi = _middle(times)
    return Focus(lo, hi, tuple(spans[:AT_MOST]), tuple(named[: AT_MOST * 2]))


def _middle(times: dict[str, tuple[int, int, float]]) -> tuple[int | None, int | None]:
    """The years between which the middle four fifths of the weight lie, each span's weight at its two ends."""
    ends = sorted((year, weight / 2) for lo, hi, weight in times.values() for year in (lo, hi))
    if not ends:
        return None, None
    total = sum(weight for _, weight in ends)
    so_far, low, high = 0.0, ends[0][0], ends[-1][0]
    for year, weight in ends:
        if so_far <= total * 0.1:
            low = year
        if so_far <= total * 0.9:
            high = year
        so_far += weight
    return low, high
