"""The printed pages of an issue's pieces: gaps, overlaps, shared pages, and what cannot be."""

import pytest

from backnumber.editorial.printed_pages import Piece, Span, remarks, span_of


def said(*pieces: tuple[str, str], first: str = "", last: str = "") -> list[tuple[bool, str]]:
    names = "ABCDEFG"
    found = remarks([Piece(names[i], *pages) for i, pages in enumerate(pieces)], first, last)
    return [(one.is_fault, one.text) for one in found]


def test_pieces_that_follow_each_other_need_no_remark() -> None:
    assert said(("3", "9"), ("10", ""), ("11", "20"), first="3", last="20") == []


def test_a_page_that_no_piece_claims_is_named_within_the_issue_and_between_pieces() -> None:
    assert said(("5", "9"), ("12", "13"), first="3", last="14") == [
        (False, "Pages 3–4: no piece says it is there."),
        (False, "Pages 10–11: no piece says it is there."),
        (False, "Page 14: no piece says it is there."),
    ]


def test_pages_of_two_pieces_are_a_fault_and_one_page_at_the_edge_is_shared() -> None:
    assert said(("1", "9"), ("9", "12")) == [(False, "Page 9: in “A” and in “B”, which share it.")]
    assert said(("1", "9"), ("8", "12")) == [(True, "Pages 8–9: in “A” and in “B”.")]
    assert said(("1", "9"), ("4", "5"), ("9", "9"))[0] == (True, "Pages 4–5: in “A” and in “B”.")


def test_what_lies_outside_the_issue_or_out_of_its_order_is_said() -> None:
    assert (True, "“A” (pages 1–4) lies outside the issue (pages 3–10).") in said(
        ("1", "4"), ("5", "10"), first="3", last="10"
    )
    assert said(("5", "8"), ("1", "4")) == [(False, "“B” (pages 1–4) stands after “A” (pages 5–8).")]


def test_roman_pages_are_counted_by_themselves() -> None:
    assert span_of("iv", "IX") == Span(4, 9, is_roman=True)
    assert said(("i", "iii"), ("v", ""), ("1", "2")) == [(False, "Page iv: no piece says it is there.")]


@pytest.mark.parametrize(("first", "last", "part"), [("", "9", "no first"), ("12", "4", "before it begins"), ("12a", "13", "no numbers"), ("iv", "9", "another"), ("1", "999999", "too long")])  # fmt: skip
def test_pages_that_cannot_be_are_said_with_what_to_do(first: str, last: str, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        span_of(first, last)
    ((is_fault, text),) = said((first, last))
    assert is_fault
    assert part in text
