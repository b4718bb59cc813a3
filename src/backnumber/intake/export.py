"""What a first, quick reading of a WordPress export tells: who wrote, which files its library has, where each post stood, what
will be left out, and where it breaks.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from backnumber.archive.blocks import plain
from backnumber.archive.rules import FIRST_DAY
from backnumber.intake import wxr
from backnumber.intake.old_paths import old_path
from backnumber.intake.wordpress import Attachment
from backnumber.intake.wxr import Item

QUIET = frozenset(
    {
        "attachment",
        "custom_css",
        "customize_changeset",
        "guest-author",
        "nav_menu_item",
        "oembed_cache",
        "revision",
        "wp_font_face",
        "wp_font_family",
        "wp_global_styles",
        "wp_navigation",
        "wp_template",
        "wp_template_part",
    }
)
USED_META = frozenset({"_thumbnail_id", "footnotes"})
_OF_THE_EDITOR = re.compile(r"_(?:edit_|wp_|oembed|encloseme|pingme|menu_item)")
FARTHEST = 10  # years ahead that a scheduled post may stand
AUTHOR = "author"  # the taxonomy of Co-Authors Plus and of PublishPress Authors


@dataclass
class Contents:
    """`guests` are authors without an account, by their slug and login; `left` what is left out, by kind and name."""

    address: str = ""
    authors: dict[str, str] = field(default_factory=dict)
    guests: dict[str, str] = field(default_factory=dict)
    library: dict[str, Attachment] = field(default_factory=dict)
    posts: list[Item] = field(default_factory=list)
    comments: int = 0
    others: Counter[str] = field(default_factory=Counter)
    left: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, event: wxr.Event) -> None:
        """Promise: what an event of the export adds. Of a post its body is not kept."""
        match event:
            case wxr.Site(_, address):
                self.address = address
            case wxr.Author(login, name):
                self.authors[login.casefold()] = name
            case Item():
                self._item(event)

    def _item(self, item: Item) -> None:
        kind = item.get("post_type") or "item without a type"
        if kind == "attachment":
            self.library[item.get("post_id")] = attachment_of(item)
        elif kind == "guest-author":
            self._guest(item)
        elif kind == "post":
            self._post(item)
        if kind != "post":
            self.others[kind] += 1

    def _guest(self, item: Item) -> None:
        """https://wordpress.org/plugins/co-authors-plus/ keeps a guest as a post of its own."""
        meta = item.meta
        whole = f"{meta.get('cap-first_name', '')} {meta.get('cap-last_name', '')}".strip()
        name = meta.get("cap-display_name") or whole or plain(item.get("title"))
        for key in (meta.get("cap-user_login", ""), item.get("post_name")):
            if key and name:
                self.guests[key.removeprefix("cap-").casefold()] = name

    def _post(self, item: Item) -> None:
        self.comments += item.comments
        sections = sections_of(item)
        self._leave("categories beyond a post's first", sections[1:])
        self._leave("tags", [c.name for c in item.categories if c.domain == "post_tag"])
        for category in item.categories:
            if category.domain not in {"category", "post_tag", AUTHOR, "post_format"}:
                self._leave(f"terms of “{category.domain}”", [category.name])
        fields = (name for name in item.meta if name and not _OF_THE_EDITOR.match(name))
        self._leave("fields (wp:postmeta)", [name for name in fields if name not in USED_META])
        kept = {name: item.fields.get(name, "") for name in _KEPT}
        self.posts.append(Item(item.line, item.content_line, kept, (), {}, 0))

    def _leave(self, kind: str, names: list[str]) -> None:
        if names:
            self.left.setdefault(kind, Counter()).update(names)

    def authors_of(self, item: Item) -> tuple[str, ...]:
        """Promise: who wrote a post: the co-authors it names, else the account it was written with."""
        terms = [c for c in item.categories if c.domain == AUTHOR]
        names = [self._author(c.nicename.removeprefix("cap-"), c.name) for c in terms]
        login = item.get("creator").strip("<> ")
        return tuple(dict.fromkeys(filter(None, names or [self._author(login, login)])))

    def _author(self, *keys: str) -> str:
        known = (names.get(key.casefold()) for key in keys for names in (self.guests, self.authors))
        return next(filter(None, known), keys[-1])

    def old_addresses(self, item: Item) -> tuple[str, ...]:
        """Promise: every path under which a post could be found on its site."""
        found = [old_path(item.get(name), self.address) for name in ("link", "guid")]
        number = item.get("post_id")
        found += [f"/?p={number}"] if number.isdigit() else []
        return tuple(dict.fromkeys(path for path in found if path and path != "/"))


_KEPT = ("title", "link", "guid", "post_id", "post_name", "post_date", "post_date_gmt", "pubDate", "status")


def attachment_of(item: Item) -> Attachment:
    return Attachment(
        url=item.get("attachment_url") or item.get("guid"),
        alt=item.meta.get("_wp_attachment_image_alt", ""),
        caption=plain(item.fields.get("excerpt:encoded", "")),
        parent=item.get("post_parent").strip("0"),
    )


def sections_of(item: Item) -> list[str]:
    names = [
        c.name
        for c in item.categories
        if c.domain == "category" and c.name.casefold() not in {"uncategorized", "uncategorised"}
    ]
    return list(dict.fromkeys(names))


def moment_of(item: Item, now: datetime) -> datetime | None:
    """Promise: when a post was published, as it says; None when it says no date, or none a post can have."""
    for name in ("post_date", "post_date_gmt", "pubDate"):
        found = _moment(item.get(name))
        if found and FIRST_DAY <= found.date() <= date(now.year + FARTHEST, 12, 31):
            return found
    return None


def _moment(text: str) -> datetime | None:
    """A date of WordPress, or of RSS; None for one that is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def same_key(key: str) -> str:
    """Promise: what a post's key is when its site moved to https, or to and from www."""
    return re.sub(r"^wxr:(?:https?://)?(?:www\.)?", "wxr:", key, flags=re.IGNORECASE)
