"""Writes what was read into the archive: new articles at once and in bulk, changed ones field by field.

One call of `Filing.file` is one transaction's worth; the caller opens it. In a dry run nothing is written and
all is counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Prefetch

from backnumber.archive.blocks import Block, Note, Paragraph, PictureRef, to_stream
from backnumber.archive.filing import filed_as
from backnumber.archive.models import Article, Authorship, Contributor, Issue, OldAddress, Section, Title
from backnumber.intake import rules
from backnumber.intake.incoming import Incoming, finding, fitting
from backnumber.intake.models import Piece, Source
from backnumber.intake.pictures import NotTaken, NotThere, Pictures
from backnumber.intake.reading import PictureSeen, in_words
from backnumber.intake.report import Finding, Tally, Weight

PLAIN = ("headline", "standfirst", "byline", "first_page", "last_page", "position")


@dataclass
class Filing:
    """The archive's side of one import of one title."""

    title: Title
    now: datetime
    today: date
    pictures: Pictures
    dry_run: bool = False
    contributors: dict[str, Contributor] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    slugs: set[str] = field(default_factory=set)
    new_contributors: set[str] = field(default_factory=set)
    new_sections: set[str] = field(default_factory=set)

    def look_up(self) -> None:
        """Promise: contributors by every form of their name, and sections, as the database has them now."""
        self.contributors, self.slugs = {}, set()
        for contributor in Contributor.objects.order_by("pk"):
            self.slugs.add(contributor.slug)
            for name in (contributor.name, *contributor.variants.split("\n")):
                self.contributors.setdefault(name.strip().casefold(), contributor)
        self.sections = {section.name.casefold(): section for section in Section.objects.all()}

    # Issues.

    def issue(
        self, number: str, slug: str, cover_date: str, day: date, *, live: bool = True, **more: Any
    ) -> tuple[Issue, bool]:
        """Promise: the issue at that address, made if there is none; and whether it was made."""
        found = None
        if self.title.pk:
            issues = Issue.objects.filter(title=self.title, sort_date__year=day.year, slug=slug)
            found = issues.select_related("title", "volume").first()
        if found:
            return found, False
        made = Issue(
            title=self.title,
            number=number[:20],
            cover_date=cover_date,
            sort_date=day,
            slug=slug,
            online_date=self.today,
            live=live,
            first_published_at=self.now if live else None,
            last_published_at=self.now if live else None,
            **more,
        )
        if not self.dry_run:
            made.save()
        return made, True

    def publish(self, issue: Issue) -> None:
        """Promise: an issue that never was published is; one that an editor took off stays off."""
        if issue.live or issue.first_published_at:
            return
        issue.live, issue.first_published_at, issue.last_published_at = True, self.now, self.now
        if not self.dry_run:
            issue.save(update_fields=["live", "first_published_at", "last_published_at"])

    # Articles.

    def file(
        self, source: Source | None, pieces: Sequence[Incoming]
    ) -> tuple[dict[int, Tally], list[Finding]]:
        """Promise: every piece is in the archive once, editors' corrections kept; what happened, by the
        issue's `id()`.
        """
        findings: list[Finding] = []
        tallies = {id(piece.issue): Tally() for piece in pieces}
        fit = [fitting(piece, findings) for piece in pieces]
        try:
            with self._savepoint():
                done, more = self._file(source, fit)
        except (OSError, OperationalError):
            raise  # the disk, the database: no fault of a piece
        except Exception:  # one of them cannot be filed: each on its own, so that it alone is left out
            done, more = self._one_by_one(source, fit)
        for key, tally in done.items():
            tallies[key] += tally
        return tallies, [*findings, *more]

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        """What fails inside is undone, here as in the database."""
        try:
            with transaction.atomic():
                yield
        except Exception:
            self.pictures.taken.clear()
            self.look_up()
            raise

    def _one_by_one(
        self, source: Source | None, pieces: Sequence[Incoming]
    ) -> tuple[dict[int, Tally], list[Finding]]:
        tallies: dict[int, Tally] = {}
        findings: list[Finding] = []
        for piece in pieces:
            try:
                with self._savepoint():
                    done, more = self._file(source, [piece])
            except (OSError, OperationalError):
                raise
            except Exception as error:
                reason = f"it could not be filed: {in_words(error)}"
                findings.append(finding(piece, Weight.REFUSED, reason))
                continue
            findings += more
            for key, tally in done.items():
                tallies[key] = tallies.get(key, Tally()) + tally
        return tallies, findings

    def _file(
        self, source: Source | None, pieces: Sequence[Incoming]
    ) -> tuple[dict[int, Tally], list[Finding]]:
        findings: list[Finding] = []
        known = self._known([piece.key for piece in pieces])
        tallies = {id(piece.issue): Tally() for piece in pieces}
        self._make_people_and_sections(pieces)
        new = [piece for piece in pieces if piece.key not in known]
        self._add(source, new, findings)
        for piece in new:
            tallies[id(piece.issue)] += Tally(new=1, unsigned=int(not piece.read.byline))
        for piece in pieces:
            if piece.key in known:
                changed = self._meet_again(source, known[piece.key], piece, findings)
                tallies[id(piece.issue)] += Tally(
                    updated=int(changed), unchanged=int(not changed), unsigned=int(not piece.read.byline)
                )
        self._lead_on({key: one.article for key, one in known.items() if one.article}, pieces)
        return tallies, findings

    def _lead_on(self, articles: Mapping[str, Article], pieces: Sequence[Incoming]) -> None:
        """Promise: every path a piece had on its old site leads to its article; one that leads elsewhere already stays."""
        if self.dry_run:
            return
        old = [
            OldAddress(path=path, article=articles[piece.key])
            for piece in pieces
            if piece.key in articles
            for path in piece.old_paths
        ]
        OldAddress.objects.bulk_create(old, batch_size=500, ignore_conflicts=True)

    def _known(self, keys: list[str]) -> dict[str, Piece]:
        if not self.title.pk:
            return {}
        authorships = Prefetch("article__authorships", Authorship.objects.select_related("contributor"))
        pieces = Piece.objects.filter(title=self.title, key__in=keys).select_related(
            "article__section", "article__issue"
        )
        return {piece.key: piece for piece in pieces.prefetch_related(authorships)}

    def _make_people_and_sections(self, pieces: Sequence[Incoming]) -> None:
        names = {name.casefold(): name for piece in pieces for name in piece.read.contributors}
        people = [self._person(name) for key, name in names.items() if key not in self.contributors]
        wanted = {p.read.section.casefold(): p.read.section for p in pieces if p.read.section}
        taken = {section.slug for section in self.sections.values()}
        departments = [
            Section(name=n[:200], slug=rules.unique(rules.slug(n, "section"), taken, 100))
            for key, n in wanted.items()
            if key not in self.sections
        ]
        self.new_contributors.update(person.name for person in people)
        self.new_sections.update(section.name for section in departments)
        if not self.dry_run:
            Contributor.objects.bulk_create(people)
            Section.objects.bulk_create(departments)
        self.contributors.update({person.name.casefold(): person for person in people})
        self.sections.update({section.name.casefold(): section for section in departments})

    def _person(self, name: str) -> Contributor:
        slug = rules.unique(rules.slug(name, "contributor", 110), self.slugs, 120)
        return Contributor(name=name[:200], sort_name=filed_as(name[:200]), slug=slug)

    def _values(self, piece: Incoming, findings: list[Finding]) -> dict[str, Any]:
        """Each field as the source has it."""
        read = piece.read
        stream = to_stream(self._blocks(piece, findings), piece.key)
        return {
            **{name: getattr(read, name) for name in PLAIN},
            "section": read.section,
            "contributors": list(read.contributors),
            "body": stream,
            "live": read.live,
        }

    def _blocks(self, piece: Incoming, findings: list[Finding]) -> Iterable[Block]:
        blocks: list[Block] = []
        for block in piece.read.content:
            if not isinstance(block, PictureSeen):
                blocks.append(block)
                continue
            try:
                beside = Path(piece.file).parent
                blocks.append(PictureRef(self.pictures.take(block, beside), block.alt, block.caption))
            except NotTaken as reason:
                weight = Weight.MISSING if isinstance(reason, NotThere) else Weight.REFUSED
                findings.append(finding(piece, weight, f"picture {block.src[:120]}: {reason}"))
                if block.caption:
                    blocks.append(Paragraph(f"<i>{escape(block.caption, quote=False)}</i>"))
        notes = [b for b in blocks if isinstance(b, Note)]
        return [*(b for b in blocks if not isinstance(b, Note)), *notes]

    def _add(self, source: Source | None, pieces: Sequence[Incoming], findings: list[Finding]) -> None:
        taken = self._taken_slugs(pieces)
        made: list[tuple[Article, Piece, list[str]]] = []
        for piece in pieces:
            values = self._values(piece, findings)
            article = self._article(piece, values, rules.unique(piece.slug, taken[id(piece.issue)], 120))
            origin = Piece(
                title=self.title, key=piece.key, line=piece.read.line, values=rules.digests(values)
            )
            made.append((article, origin, values["contributors"]))
        if self.dry_run or source is None:
            return
        Article.objects.bulk_create([article for article, _, _ in made], batch_size=200)
        for article, origin, _ in made:
            origin.source, origin.article = source, article
        Piece.objects.bulk_create([origin for _, origin, _ in made], batch_size=500)
        Authorship.objects.bulk_create(
            [a for article, _, names in made for a in self._authorships(article, names)], batch_size=500
        )
        self._lead_on({origin.key: article for article, origin, _ in made}, pieces)

    def _taken_slugs(self, pieces: Sequence[Incoming]) -> dict[int, set[str]]:
        issues = {id(piece.issue): piece.issue for piece in pieces}
        rows = Article.objects.filter(issue__in=[i for i in issues.values() if i.pk]).values_list(
            "issue_id", "slug"
        )
        by_issue: dict[int, set[str]] = {}
        for issue, slug in rows:
            by_issue.setdefault(issue, set()).add(slug)
        return {key: by_issue.get(issue.pk, set()) if issue.pk else set() for key, issue in issues.items()}

    def _article(self, piece: Incoming, values: Mapping[str, Any], slug: str) -> Article:
        return Article(
            issue=piece.issue,
            slug=slug,
            section=self.sections.get(values["section"].casefold()),
            body=values["body"],
            words=piece.read.words,
            online_date=self.today,
            live=values["live"],
            has_unpublished_changes=not values["live"],
            first_published_at=self.now if values["live"] else None,
            last_published_at=self.now if values["live"] else None,
            **{name: values[name] for name in PLAIN},
        )

    def _authorships(self, article: Article, names: Sequence[str]) -> list[Authorship]:
        people = dict.fromkeys(self.contributors[name.casefold()] for name in names)
        return [
            Authorship(article=article, contributor=person, position=at) for at, person in enumerate(people)
        ]

    # Articles that are there already.

    def _meet_again(
        self, source: Source | None, known: Piece, piece: Incoming, findings: list[Finding]
    ) -> bool:
        """Promise: whether the article was changed. What an editor has made their own is listed and stays."""
        article = known.article

        def say(weight: Weight, reason: str) -> None:
            findings.append(Finding(weight, piece.file, piece.read.line, piece.read.headline, reason))

        if article is None:
            say(Weight.LEFT_OUT, "an editor deleted the article")
            return False
        values = self._values(piece, findings)
        new = rules.digests(values)
        settled = rules.settle(known.values, rules.digests(_present(article)), new)
        if settled.take and (held := _held(article)):
            say(Weight.CONFLICT, f"{held}; {', '.join(settled.take)} of the source not taken")
            return False
        if settled.kept:
            say(
                Weight.CONFLICT,
                f"the source and an editor both changed {', '.join(settled.kept)}; the editor's stays",
            )
        if not self.dry_run and (
            known.values != new or known.gone or (source is not None and known.source_id != source.pk)
        ):
            known.values, known.line, known.gone = new, piece.read.line, False
            known.source = source or known.source
            known.save()
        if settled.take and not self.dry_run:
            self._update(article, values, settled.take)
        return bool(settled.take)

    def _update(self, article: Article, values: Mapping[str, Any], take: Sequence[str]) -> None:
        for name in take:
            if name in PLAIN or name == "body":
                setattr(article, name, values[name])
        if "section" in take:
            article.section = self.sections.get(values["section"].casefold())
        if "live" in take:
            article.live = values["live"]
            article.has_unpublished_changes = not values["live"]
            article.first_published_at = article.first_published_at or (self.now if article.live else None)
        article.last_published_at = self.now if article.live else article.last_published_at
        article.save()
        if "contributors" in take:
            article.authorships.all().delete()
            Authorship.objects.bulk_create(self._authorships(article, values["contributors"]))
        if article.latest_revision_id:
            self._revise(article)

    def _revise(self, article: Article) -> None:
        """An editor's next edit starts from the latest revision: it must hold what was taken."""
        revision = Article.objects.get(pk=article.pk).save_revision(changed=False)
        if article.live:
            revision.publish()


def body_digest(content: Sequence[Block | PictureSeen]) -> str:
    """Promise: what a piece's body will be known by, pictures aside."""
    return rules.digest(to_stream([block for block in content if not isinstance(block, PictureSeen)]))


def _present(article: Article) -> dict[str, Any]:
    """Each field as the archive has it now."""
    authorships = sorted(article.authorships.all(), key=lambda a: (a.position, a.pk))
    return {
        **{name: getattr(article, name) for name in PLAIN},
        "section": article.section.name if article.section else "",
        "contributors": [authorship.contributor.name for authorship in authorships],
        "body": list(article.body.raw_data),
        "live": article.live,
    }


def _held(article: Article) -> str:
    if article.locked:
        return "the article is locked"
    if article.live and article.has_unpublished_changes:
        return "an editor's draft of the article is not yet published"
    return ""
