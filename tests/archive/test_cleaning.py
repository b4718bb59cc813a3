"""Plain words go round the parser, and come out as it would have given them."""

import nh3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backnumber.archive.blocks import INLINE
from backnumber.archive.rendering import clean

pytestmark = pytest.mark.usefixtures("no_sockets")

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
LIKE_HTML = st.text(st.sampled_from("ab <>&;/\"'=\n\r\t\x00\xa0\ufeff#script"))


@given(st.one_of(WORDS, LIKE_HTML))
@example("")
@example("\ufeffa")
@example("a\r\nb")
def test_every_text_comes_out_as_the_parser_gives_it(text: str) -> None:
    parsed = nh3.clean(
        text,
        tags=set(INLINE),
        attributes={"a": {"href", "title"}, "abbr": {"title"}, "q": {"cite"}},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        clean_content_tags={"script", "style"},
    )
    assert clean(text) == parsed


@pytest.mark.parametrize("start", range(0, 0x110000, 0x4000))
def test_no_letter_needs_the_parser_that_goes_round_it(start: int) -> None:
    letters = [chr(number) for number in range(start, start + 0x4000) if not 0xD800 <= number < 0xE000]
    for text in (
        "a\n".join(letters),
        *(letter for letter in letters[:64]),
        *(f"{letter}a" for letter in letters[-64:]),
    ):
        assert clean(text) == nh3.clean(text, tags=set(INLINE), link_rel=None)


def test_what_is_no_plain_word_is_cleaned() -> None:
    assert clean("<b onclick=x>a</b><script>b</script>") == "<b>a</b>"
    assert clean("fish & chips > 3") == "fish &amp; chips &gt; 3"
