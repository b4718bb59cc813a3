"""What was found in each article, what editors say of it, and what pages count.

`Finding` holds words of the text, gated ones too: editors alone see them. A reader's page shows a finding's label, times and place, and
`sentence`, which is open text only. Docs: decision 018.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, IntegerRangeField
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q

from backnumber.archive.addresses import address_of
from backnumber.archive.models import Article


class Kind(models.TextChoices):
    TIME = "time", "Time"
    PERSON = "person", "Person"
    PLACE = "place", "Place"
    ORGANISATION = "organisation", "Organisation"
    EVENT = "event", "Event"


class Status(models.TextChoices):
    """What is known of a finding: nothing but the rule that made it, or an editor's word."""

    READ = "", "As read"
    UNVERIFIED = "unverified", "Unverified"
    ACCEPTED = "accepted", "Accepted"
    MENDED = "mended", "Mended"
    DISMISSED = "dismissed", "Dismissed"


class Side(models.TextChoices):
    NONE = "", "Takes no side"
    FOR = "for", "Argues for"
    AGAINST = "against", "Argues against"


class Reading(models.Model):
    """One article as it was read. `read_of` is the state of the text (`Appearance.changed_at`): while it is not the article's own, the
    sentences kept of it are not shown. `rules` names the rules it was read by. `focus` is the years it is mostly about. `spans` are the
    tallies that count it (`rules.numbered`).
    """

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="past_reading"
    )
    read_of = models.DateTimeField()
    rules = models.CharField(max_length=64)
    focus = IntegerRangeField(null=True)
    spans: "models.Field[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list)
    question = models.CharField(max_length=600, blank=True)
    subject = models.ForeignKey("Entry", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["rules"]),
            GistIndex(fields=["focus"], name="past_reading_focus"),
            models.Index(fields=["subject"], name="past_questions", condition=~Q(question="")),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Finding(models.Model):
    """One place of an article's text and what it means. Years are whole and astronomical (1 BC is 0), the range half-open.

    `position` is the number of the part of the text, `start` and `end` characters in it. `day` is the month and day of a whole date.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    edtf = models.CharField(max_length=80, blank=True)
    years = IntegerRangeField(null=True)
    day = models.CharField(max_length=5, blank=True)
    calendar = models.CharField(max_length=40, blank=True)
    rule = models.CharField(max_length=80)
    confidence = models.FloatField()
    narrative = models.BooleanField()
    is_open = models.BooleanField()
    sentence = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["article", "position", "start"]),
            models.Index(
                fields=["day", "article"],
                name="past_finding_day",
                condition=~Q(day="") & Q(narrative=True) & ~Q(status="dismissed"),
            ),
            GistIndex(
                fields=["years"],
                name="past_finding_years",
                condition=Q(kind="time") & Q(narrative=True) & ~Q(status="dismissed"),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Word(models.Model):
    """What an editor said of one finding. It is found again by its own words and their neighbours, whatever becomes of the text
    around it.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    text = models.TextField()
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    verdict = models.CharField(max_length=12, choices=Status.choices)
    key = models.CharField(max_length=200)
    label = models.CharField(max_length=200)
    edtf = models.CharField(max_length=80, blank=True)
    years = IntegerRangeField(null=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    said_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["text", "kind"]), models.Index(fields=["article"])]

    def __str__(self) -> str:
        return f"{self.verdict}: {self.text}"


class Standpoint(models.Model):
    """On which side of its question an article stands, as an editor says."""

    article = models.OneToOneField(
        Article, on_delete=models.CASCADE, primary_key=True, related_name="standpoint"
    )
    side = models.CharField(max_length=8, choices=Side.choices, blank=True)

    def __str__(self) -> str:
        return self.side


PLURALS = {
    Kind.PERSON: "people",
    Kind.PLACE: "places",
    Kind.ORGANISATION: "organisations",
    Kind.EVENT: "events",
}


class Entry(models.Model):
    """A person, place, organisation or event in the index of the past. `articles` and `open_articles` are counted with each reading:
    published articles that are listed under it, and those of them whose open text names it.

    An entry has a page when its name is known without any gated text: `is_known`, or it stands in open text.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    slug = models.CharField(max_length=190)
    label = models.CharField(max_length=200)
    is_known = models.BooleanField(default=False)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    articles = models.IntegerField(default=0)
    open_articles = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "-articles", "label"]),
            models.Index(fields=["kind", "label"]),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return address_of("past_entry", PLURALS[Kind(self.kind)], self.slug)


class Mention(models.Model):
    """An article listed under an entry. `sentence` is open text, or empty."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="mentions")
    is_open = models.BooleanField()
    sentence = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "article"], name="one_mention_of_an_entry_in_an_article")
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.article_id}"


class Tally(models.Model):
    """How many articles speak of one span of years: `unit` is 1, 10, 100 or 1000 years, `start` its first."""

    unit = models.PositiveSmallIntegerField()
    start = models.IntegerField()
    articles = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "start"], name="one_tally_of_a_span")]

    def __str__(self) -> str:
        return f"{self.start} + {self.unit}: {self.articles}"
