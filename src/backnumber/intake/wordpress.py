"""The body of a WordPress post: block markup or classic text with shortcodes, as the archive's blocks. Knows
no Django.
"""

import html as html_module
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backnumber.archive.blocks import Block, Heading, Paragraph, plain
from backnumber.intake import lines
from backnumber.intake.balance import LeftOut, Run
from backnumber.intake.numbering import Content, numbered
from backnumber.intake.old_paths import old_path
from backnumber.intake.reading import Kind, Line, PictureSeen, Rules
from backnumber.intake.wxr import Item

RULES = Rules(
    notes=(".backnumber-note",),
    note_label=r"^(?!)",
    verse=("pre.wp-block-verse",),
    pull_quotes=("figure.wp-block-pullquote", "blockquote.wp-block-pullquote"),
    drop=("div.wp-block-search", "div.wp-block-loginout", "nav.wp-block-navigation", ".screen-reader-text"),
)
_BLOCK_COMMENT = re.compile(r"<!--\s*(/?)wp:([a-z0-9/-]+)(?:\s+(\{.*?\}))?\s*(/?)-->", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SHORTCODE = re.compile(r"(?<!\[)\[(/?)([a-z][a-z0-9_-]{2,30})((?:\s+[^\]]*)?)\](?!\])", re.IGNORECASE)
_CAPTION = re.compile(r"\[(?:wp_)?caption([^\]]*)\](.*?)\[/(?:wp_)?caption\]", re.DOTALL | re.IGNORECASE)
_GALLERY = re.compile(r"\[gallery([^\]]*)\]", re.IGNORECASE)
_MEDIA = re.compile(r"\[(audio|video|embed|playlist)([^\]]*)\](?:(.*?)\[/\1\])?", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s\]]+))""")
_IMG = re.compile(r"(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?", re.IGNORECASE)
_BLOCKS = (
    "address|article|aside|blockquote|caption|center|colgroup|col|dd|details|div|dl|dt|fieldset|figure|figcaption|footer|form|h[1-6]"
    "|header|hr|iframe|legend|li|main|nav|ol|p|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_EDGE = re.compile(
    rf"<(?P<kept>pre|script|style|textarea)\b.*?</(?P=kept)\s*>|<(?P<closes>/?)(?P<name>{_BLOCKS})\b[^>]*>|\n[ \t]*\n\s*",
    re.DOTALL | re.IGNORECASE,
)
_LEAVES = frozenset(
    [
        "caption",
        "dd",
        "dt",
        "figcaption",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "legend",
        "li",
        "p",
        "summary",
        "td",
        "th",
    ]
)
_KEPT_WHOLE = re.compile(r"<(pre|script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
KNOWN_SHORTCODES = frozenset({"caption", "wp_caption", "gallery", "audio", "video", "embed", "playlist"})


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of the site's library."""

    url: str
    alt: str
    caption: str
    parent: str


Library = Mapping[str, Attachment]


@dataclass(frozen=True, slots=True)
class Body:
    """`doubts` are (line, reason); `source` is every word it holds."""

    content: tuple[Block | PictureSeen, ...]
    doubts: tuple[tuple[int, str], ...]
    source: tuple[Run, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


_BLOCK_EDGE = re.compile(r"(?=<(?:/?(?:p|div|li|ul|ol|h[1-6]|blockquote|tr|td)\b|br\b))", re.IGNORECASE)


def words_between(html: str) -> str:
    """Promise: the words of a piece of HTML in one line, those of two blocks apart."""
    return plain(_BLOCK_EDGE.sub(" ", html))


def body_of(item: Item, library: Library, links: Mapping[str, str], site: str) -> Body:
    """Promise: the post's body; what could not be kept is said. `links` tells the present address of what stood at an old path
    of the site. Errors: Unreadable.
    """
    source = item.fields.get("content:encoded", "")
    doubts = [
        (item.content_line, f"the block “{name}” is made by WordPress and has no content here")
        for name in _empty_blocks(source)
    ]
    html, found = _without_shortcodes(source, item, library)
    doubts += [(item.content_line, reason) for reason in found]
    html = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), _with_paragraphs(html))
    if not html.strip():
        return Body((), tuple(doubts))

    def moved(address: str) -> str:
        return links.get(old_path(address, site), address)

    reading = lines.read(f"<body><div>{html}{_footnotes(item)}</div></body>", RULES, item.content_line, moved)
    content: Content = [block for line in reading.lines for block in _blocks(line)]
    made, lost = numbered(content, reading.notes)
    doubts += [*reading.refused, *((item.content_line, reason) for reason in lost)]
    return Body(tuple(made), tuple(doubts), reading.source, reading.left_out)


def _with_paragraphs(source: str) -> str:
    """What stands in no block, or in a classic one, gets its paragraphs; the others have theirs."""
    made: list[str] = []
    opened: list[str] = []
    at = 0
    for comment in _BLOCK_COMMENT.finditer(source):
        made += [_text_in(opened, source[at : comment.start()]), comment[0]]
        at = comment.end()
        if comment[1] and opened:
            opened.pop()
        elif not comment[1] and not comment[4]:
            opened.append(comment[2])
    return "".join([*made, _text_in(opened, source[at:])])


def _text_in(opened: list[str], text: str) -> str:
    is_classic = not opened or opened[-1] in {"freeform", "core/freeform"}
    return paragraphs(text) if is_classic and text.strip() else text


def _empty_blocks(source: str) -> list[str]:
    """Blocks that close themselves are drawn by WordPress when asked for; a spacer is no loss."""
    names = (m[2] for m in _BLOCK_COMMENT.finditer(source) if m[4] and not m[1])
    return sorted(set(names) - {"footnotes", "spacer", "separator", "more", "nextpage", "pattern"})


def _without_shortcodes(source: str, item: Item, library: Library) -> tuple[str, list[str]]:
    found: list[str] = []
    html = _CAPTION.sub(lambda m: _captioned(m[1], m[2]), source)
    html = _GALLERY.sub(lambda m: _gallery(m[1], item, library, found), html)
    html = _MEDIA.sub(lambda m: _medium(m[1], m[2], m[3] or "", found), html)
    unknown = sorted(
        {
            m[2].lower()
            for m in _SHORTCODE.finditer(_KEPT_WHOLE.sub("", html))
            if m[3].strip() or f"[/{m[2]}]" in html
        }
    )
    found += [
        f"the shortcode [{name}] stands as it is in the text"
        for name in unknown
        if name not in KNOWN_SHORTCODES
    ]
    return html, found


def _attributes(text: str) -> dict[str, str]:
    return {m[1].lower(): m[2] or m[3] or m[4] or "" for m in _ATTRIBUTE.finditer(text)}


def _captioned(attributes: str, inside: str) -> str:
    image = _IMG.search(inside)
    caption = (_IMG.sub("", inside) if image else inside).strip() or _attributes(attributes).get(
        "caption", ""
    )
    return f"<figure>{image[0] if image else ''}<figcaption>{caption}</figcaption></figure>"


def _gallery(attributes: str, item: Item, library: Library, found: list[str]) -> str:
    ids = [i.strip() for i in _attributes(attributes).get("ids", "").split(",") if i.strip()]
    chosen: Sequence[Attachment] = [library[i] for i in ids if i in library]
    if missing := [i for i in ids if i not in library]:
        found.append(f"pictures of a [gallery] are not in this export: {', '.join(missing)}")
    if not ids:
        chosen = [a for a in library.values() if a.parent and a.parent == item.get("post_id")]
    return "\n".join(
        f'<figure><img src="{html_module.escape(a.url)}" alt="{html_module.escape(a.alt)}">'
        f"<figcaption>{html_module.escape(a.caption)}</figcaption></figure>"
        for a in chosen
    )


def _medium(kind: str, attributes: str, inside: str, found: list[str]) -> str:
    values = _attributes(attributes)
    address = values.get("src") or values.get("mp4") or values.get("mp3") or inside.strip()
    found.append(
        f"[{kind}] is not shown; its address stands in its place" if address else f"[{kind}] was left out"
    )
    safe = html_module.escape(address)
    if address.startswith(("http://", "https://")):
        return f'\n\n<p><a href="{safe}">{safe}</a></p>\n\n'
    return f"\n\n{inside}\n\n"


def paragraphs(text: str) -> str:
    """Promise: classic text with a `p` for each run between empty lines or block elements and a `br` for each line end, as
    WordPress shows it (https://developer.wordpress.org/reference/functions/wpautop/). Lines stay where they are.
    """
    made: list[str] = []
    inside: list[str] = []
    at = 0
    whole = text.replace("\r\n", "\n")
    for edge in _EDGE.finditer(whole):
        made += [_paragraph(whole[at : edge.start()], inside), edge[0]]
        at = edge.end()
        name = (edge["name"] or "").lower()
        if name in _LEAVES and not edge["closes"]:
            inside.append(name)
        elif name in _LEAVES and name in inside:
            del inside[len(inside) - 1 - inside[::-1].index(name) :]
        elif name and name not in _LEAVES and inside[-1:] == ["p"]:
            inside.pop()  # a paragraph ends where a block begins
    return "".join([*made, _paragraph(whole[at:], inside)])


def _paragraph(part: str, inside: list[str]) -> str:
    words = part.strip()
    if inside or not words or _COMMENT.fullmatch(words):
        return part
    before, _, after = part.partition(words)
    return f"{before}<p>{words.replace(chr(10), '<br>' + chr(10))}</p>{after}"


def _footnotes(item: Item) -> str:
    """The notes of a post's footnotes block stand in its meta."""
    try:
        notes = json.loads(item.meta.get("footnotes") or "[]")
        pairs = [(str(note["id"]), str(note["content"])) for note in notes]
    except (ValueError, TypeError, KeyError):
        return ""
    return "".join(
        f'<div class="backnumber-note" id="{html_module.escape(key)}">{content}</div>'
        for key, content in pairs
    )


def _blocks(line: Line) -> list[Block | PictureSeen]:
    if line.block is not None:
        return [line.block]
    if line.picture is not None:
        return [line.picture]
    if line.kind is Kind.HEAD:
        words = plain(line.html)
        return [Heading(words, 2 if line.level <= 2 else 3)] if words else []
    return [Paragraph(line.html)] if line.kind is Kind.TEXT else []
