"""Where the posts of an export stand in the archive: the issue of their month, their address, and what they were known by before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import unquote

from backnumber.archive.addresses import address_of
from backnumber.archive.blocks import plain
from backnumber.archive.models import Article, Issue
from backnumber.intake import rules
from backnumber.intake.export import Contents, moment_of, same_key
from backnumber.intake.filing import Filing
from backnumber.intake.models import Kind, Piece, Source
from backnumber.intake.wxr import Item


@dataclass(frozen=True, slots=True)
class Place:
    """A post's key, its month, and the address wished for in its issue."""

    key: str
    month: date
    slug: str
    old: tuple[str, ...]


@dataclass
class Months:
    """The issues of one export, by month; known by the month, not by what an editor may have mended in them."""

    filing: Filing
    file: str
    known: dict[str, Article | None] = field(default_factory=dict)
    issues: dict[date, Issue] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)

    def look_up(self) -> None:
        """Promise: what earlier imports of this title brought in, and which issue each month became."""
        title = self.filing.title
        if not title.pk:
            return
        pieces = Piece.objects.filter(title=title, key__startswith="wxr:")
        for piece in pieces.select_related("article__issue__title").defer("article__body", "values"):
            self.known[piece.key] = piece.article
            self.same.setdefault(same_key(piece.key), piece.key)
        for source in Source.objects.filter(title=title, kind=Kind.MONTH).select_related("issue__title"):
            self.sources[source.key] = source
            if source.issue:
                self.issues[date.fromisoformat(f"{source.key}-01")] = source.issue

    def places(self, contents: Contents) -> list[Place]:
        """Promise: where each post goes, in the order of the export; every one has an address of its own."""
        seen: set[str] = set()
        taken: dict[date, set[str]] = {}
        return [self._place(item, contents, seen, taken) for item in contents.posts]

    def _place(self, item: Item, contents: Contents, seen: set[str], taken: dict[date, set[str]]) -> Place:
        key = rules.unique(self._key(item, contents), seen)
        moment = moment_of(item, self.filing.now)
        month = (moment.date() if moment else self.filing.today).replace(day=1)
        wished = rules.slug(unquote(item.get("post_name")), "") or rules.slug(
            plain(item.get("title")), f"post-{item.get('post_id') or item.line}"
        )
        if key not in self.known:
            if month not in taken:
                taken[month] = self._slugs(month)
            wished = rules.unique(wished, taken[month], 120)
        return Place(key, month, wished, contents.old_addresses(item))

    def _key(self, item: Item, contents: Contents) -> str:
        """WordPress never changes a post's guid (https://developer.wordpress.org/reference/functions/the_guid/), but a move to
        https does.
        """
        own = item.get("guid") or f"{contents.address}#{item.get('post_id') or item.line}"
        key = f"wxr:{own}"[:290]
        return key if key in self.known else self.same.get(same_key(key), key)

    def _slugs(self, month: date) -> set[str]:
        issue = self.issues.get(month) or self._found(month)
        return (
            set(Article.objects.filter(issue=issue).values_list("slug", flat=True))
            if issue and issue.pk
            else set()
        )

    def _found(self, month: date) -> Issue | None:
        if not self.filing.title.pk:
            return None
        named = Issue.objects.filter(title=self.filing.title, sort_date__year=month.year, slug=_slug(month))
        return named.select_related("title").first()

    def addresses(self, places: Sequence[Place]) -> dict[str, str]:
        """Promise: the present address of each post by every path it had on its site."""
        found: dict[str, str] = {}
        for place in places:
            if place.key in self.known:
                article = self.known[place.key]
                address = article.get_absolute_url() if article else ""
            else:
                issue = self.issues.get(place.month)
                year, slug = (
                    (issue.sort_date.year, issue.slug) if issue else (place.month.year, _slug(place.month))
                )
                address = address_of("article", self.filing.title.slug, year, slug, place.slug)
            if address:
                found.update(dict.fromkeys(place.old, address))
        return found

    def is_deleted(self, place: Place) -> bool:
        """Whether an editor deleted the article of a post."""
        return place.key in self.known and self.known[place.key] is None

    def issue_for(self, place: Place) -> Issue:
        """Promise: the issue a post stands in: for one that is known, where its article stands now."""
        article = self.known.get(place.key)
        if article is not None:
            return article.issue
        if self.is_deleted(place):  # no issue is made for what does not come in
            return self.issues.get(place.month) or Issue(title=self.filing.title, sort_date=place.month)
        if place.month not in self.issues:
            cover_date = place.month.strftime("%B %Y")
            issue, _ = self.filing.issue(
                "", _slug(place.month), cover_date, place.month, live=False
            )  # until one of its articles is
            self.issues[place.month] = issue
            self._remember(place.month, issue)
        return self.issues[place.month]

    def _remember(self, month: date, issue: Issue) -> None:
        if self.filing.dry_run:
            return
        key = month.strftime("%Y-%m")
        source = self.sources.get(key) or Source(title=self.filing.title, kind=Kind.MONTH, key=key)
        source.file, source.issue = self.file[:300], issue
        source.save()
        self.sources[key] = source

    def forget(self, months: Iterable[date]) -> None:
        """What a transaction that failed had made is not there."""
        for month in set(months) & set(self.issues):
            if not Issue.objects.filter(pk=self.issues[month].pk).exists():
                del self.issues[month]
                self.sources.pop(month.strftime("%Y-%m"), None)


def _slug(month: date) -> str:
    return month.strftime("%B").lower()
