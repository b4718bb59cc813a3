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
from backnumber.intake.numbering import Content, numbered
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
_BLOCK_START = re.compile(
    r"^\s*</?(?:address|article|aside|blockquote|center|dd|details|div|dl|dt|figure|figcaption|footer|form|h[1-6]|header|hr|iframe|li|main"
    r"|nav|ol|p|pre|script|section|style|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b",
    re.IGNORECASE,
)
_KEPT_WHOLE = re.compile(
    r"<(pre|script|style|table|ul|ol|blockquote|figure|dl|div)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
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
    """`doubts` are (line, reason)."""

    content: tuple[Block | PictureSeen, ...]
    doubts: tuple[tuple[int, str], ...]


def body_of(item: Item, library: Library) -> Body:
    """Promise: the post's body; what could not be kept is said. Errors: Unreadable."""
    source = item.fields.get("content:encoded", "")
    doubts = [
        (item.content_line, f"the block “{name}” is made by WordPress and has no content here")
        for name in _empty_blocks(source)
    ]
    html, found = _without_shortcodes(source, item, library)
    doubts += [(item.content_line, reason) for reason in found]
    html = _COMMENT.sub(lambda m: "\n" * m[0].count("\n"), html)
    if "<!-- wp:" not in source:
        html = paragraphs(html)
    if not html.strip():
        return Body((), tuple(doubts))
    reading = lines.read(f"<body><div>{html}{_footnotes(item)}</div></body>", RULES, item.content_line)
    content: Content = [block for line in reading.lines for block in _blocks(line)]
    made, lost = numbered(content, reading.notes)
    return Body(tuple(made), (*doubts, *reading.refused, *((item.content_line, reason) for reason in lost)))


def _empty_blocks(source: str) -> list[str]:
    """Blocks that close themselves are drawn by WordPress when asked for; a spacer is no loss."""
    names = (m[2] for m in _BLOCK_COMMENT.finditer(source) if m[4] and not m[1])
    return sorted(set(names) - {"footnotes", "spacer", "separator", "more", "nextpage", "pattern"})


def _without_shortcodes(source: str, item: Item, library: Library) -> tuple[str, list[str]]:
    found: list[str] = []
    html = _CAPTION.sub(lambda m: _captioned(m[1], m[2]), source)
    html = _GALLERY.sub(lambda m: _gallery(m[1], item, library), html)
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


def _gallery(attributes: str, item: Item, library: Library) -> str:
    ids = [i.strip() for i in _attributes(attributes).get("ids", "").split(",") if i.strip()]
    chosen: Sequence[Attachment] = [library[i] for i in ids if i in library]
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
    return (
        f'\n\n<p><a href="{safe}">{safe}</a></p>\n\n' if address.startswith(("http://", "https://")) else ""
    )


def paragraphs(text: str) -> str:
    """Promise: classic text with a `p` for each run between empty lines and a `br` for each line end, as
    WordPress shows it (https://developer.wordpress.org/reference/functions/wpautop/); block elements as
    they were. Lines stay where they are.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[0])
        return (
            f"\n\n\U000f0005{len(kept) - 1}\U000f0006\n\n"
            if match[0].lower().startswith("<pre")
            else f"\U000f0005{len(kept) - 1}\U000f0006"
        )

    whole = _KEPT_WHOLE.sub(keep, text.replace("\r\n", "\n"))
    made = "".join(_paragraph(part) for part in re.split(r"(\n\s*\n)", whole))
    return re.sub("\U000f0005(\\d+)\U000f0006", lambda m: kept[int(m[1])], made)


def _paragraph(part: str) -> str:
    if (
        not part.strip()
        or _BLOCK_START.match(part)
        or re.fullmatch("\\s*(?:\U000f0005\\d+\U000f0006\\s*)+", part)
    ):
        return part
    return f"<p>{part.strip(chr(10)).replace(chr(10), '<br>' + chr(10))}</p>"


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
