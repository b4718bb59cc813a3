"""What is sent by post: profiles of mailing houses, runs, labels, copies, files; and what changes where copies go or came back.

A run that is frozen, its labels and its copies are kept by the database from every later change (migrations/0001_initial.py).
"""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from backnumber.circulation.models import PrintSubscription
from backnumber.products.models import Region

DEFAULT_COLUMNS = """\
Number: number
Name: name
Address 1: line1
Address 2: line2
Address 3: line3
Address 4: line4
Post town: town
Postcode: postcode
Country: country
Copies: copies
Issue: issue
Region: region
Bundle: bundle
Message: message"""


class Profile(models.Model):
    """How one house wants the files of one title. A run keeps the profile as it was when it was frozen."""

    class Separator(models.TextChoices):
        COMMA = ",", "Comma"
        SEMICOLON = ";", "Semicolon"
        TAB = "\t", "Tab"
        PIPE = "|", "Upright stroke"

    class Quoting(models.TextChoices):
        NEEDED = "needed", "Where they are needed"
        ALL = "all", "Round every field"
        NONE = "none", "None at all"

    class Encoding(models.TextChoices):
        UTF8 = "utf-8", "UTF-8"
        UTF8_MARKED = "utf-8-sig", "UTF-8 with a mark, for spreadsheets"
        WINDOWS = "cp1252", "Windows (western Europe)"
        ASCII = "ascii", "ASCII, no accents"

    class Bundles(models.TextChoices):
        REGION = "region", "By region"
        AREA = "area", "By region and postal area"

    house = models.CharField("mailing house", max_length=80)
    title = models.ForeignKey("archive.Title", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(
        "title in file names",
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", "Three capitals.")],
        help_text="Three capitals. A file’s name is these, the issue’s year and month, and a letter: HRG9909A.",
    )
    columns = models.TextField(
        default=DEFAULT_COLUMNS,
        help_text="One a line, in their order: “Heading: field”, or “Heading: field, at most 35”.",
    )
    separator = models.CharField(max_length=1, choices=Separator, default=Separator.COMMA)
    quoting = models.CharField("quotation marks", max_length=8, choices=Quoting, default=Quoting.NEEDED)
    encoding = models.CharField(max_length=12, choices=Encoding, default=Encoding.UTF8)
    has_header = models.BooleanField("headings on the first line", default=True)
    bundles = models.CharField(max_length=8, choices=Bundles, default=Bundles.AREA)
    lead_days = models.PositiveSmallIntegerField("days from the file to the mailing", default=3)
    bulk_from = models.PositiveIntegerField("copies from which the bulk rate holds", default=1000)
    home_country = models.CharField("posted in, ISO 3166-1", max_length=2, default="GB")

    class Meta:
        ordering = ("title", "house")
        constraints = [models.UniqueConstraint(fields=["title", "house"], name="one_profile_of_a_house")]

    def __str__(self) -> str:
        return f"{self.house}, {self.title}"


class Run(models.Model):
    """The mailing of one issue. Number 1 is the run itself; later ones are supplementary."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        FROZEN = "frozen", "Frozen"

    issue = models.ForeignKey("archive.Issue", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="runs")
    cut_off = models.DateField(help_text="Who is a subscriber on this day gets the issue.")
    mailing_on = models.DateField(
        "mailing day", help_text="Pauses and temporary addresses hold as on this day."
    )
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.CharField(
        max_length=254, blank=True, help_text="As they were called: an account may go, the run stays."
    )
    layout = models.JSONField("the profile as it was", default=dict, blank=True)
    copies = models.PositiveIntegerField("copies sent", default=0)

    class Meta:
        ordering = ("-cut_off", "-number")
        constraints = [
            models.UniqueConstraint(fields=["issue", "number"], name="one_run_of_a_number"),
            models.CheckConstraint(condition=Q(cut_off__lte=F("mailing_on")), name="cut_off_before_mailing"),
            models.CheckConstraint(
                condition=Q(state="open", frozen_at=None) | Q(state="frozen", frozen_at__isnull=False),
                name="a_frozen_run_says_when",
            ),
        ]

    def __str__(self) -> str:
        return str(self.issue) if self.number == 1 else f"{self.issue}, supplementary run {self.number - 1}"

    @property
    def is_frozen(self) -> bool:
        return self.state == self.State.FROZEN


class Label(models.Model):
    """One label of a frozen run: an address as it was at the cut-off, and how many copies go there. `place` counts from 1."""

    class Kind(models.TextChoices):
        OWED = "owed", "Owed"
        REPLACED = "replaced", "Replaces a copy"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="labels")
    place = models.PositiveIntegerField()
    chain = models.BigIntegerField(help_text="The first print subscription of those that follow one another.")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.OWED)
    number = models.CharField("subscriber number", max_length=40)
    name = models.CharField(max_length=200)
    given_by = models.CharField(max_length=200, blank=True)
    lines = models.TextField("lines between name and post town", blank=True)
    town = models.CharField("post town", max_length=200, blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=12, choices=Region)
    bundle = models.CharField(max_length=20)
    copies = models.PositiveSmallIntegerField()
    is_last = models.BooleanField("last issue of the term", default=False)

    class Meta:
        ordering = ("run", "place")
        constraints = [
            models.UniqueConstraint(fields=["run", "place"], name="one_label_at_a_place"),
            models.UniqueConstraint(fields=["run", "chain", "kind"], name="one_label_of_a_subscriber"),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.name}"


class Copy(models.Model):
    """One printed issue that went to one address: copy `number` of those owed. `again` counts replacements of it."""

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="sent")
    subscription = models.ForeignKey(PrintSubscription, on_delete=models.PROTECT, related_name="sent")
    issue = models.ForeignKey("archive.Issue", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField(default=1)
    again = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "issue", "number", "again"], name="a_copy_is_on_one_label"
            )
        ]

    def __str__(self) -> str:
        return f"{self.issue}, copy {self.number}"


class Skipped(models.Model):
    """An issue that was not sent during a pause. Of a term in dates it is sent after the end, where the pause says so."""

    subscription = models.ForeignKey(PrintSubscription, on_delete=models.PROTECT, related_name="skipped")
    issue = models.ForeignKey("archive.Issue", on_delete=models.PROTECT, related_name="+")
    is_kept = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subscription", "issue"], name="skipped_once")]

    def __str__(self) -> str:
        return f"{self.issue}, not sent"


class Span(models.Model):
    """Days, both inclusive, on which something holds; without an end until further notice."""

    subscription = models.ForeignKey(PrintSubscription, on_delete=models.CASCADE, related_name="+")
    from_on = models.DateField("from")
    to_on = models.DateField("to, inclusive", null=True, blank=True)
    because = models.CharField("reason", max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        abstract = True
        ordering = ("from_on", "id")


class Pause(Span):
    """No copies on these days: a holiday, or an address that is no good."""

    class Missed(models.TextChoices):
        AFTER = "after", "are sent after the end of the term"
        LATE = "late", "are sent with a supplementary run, once the pause is over"
        NONE = "none", "are not sent"

    missed = models.CharField("the issues missed", max_length=8, choices=Missed, default=Missed.AFTER)

    class Meta(Span.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(from_on__lte=F("to_on")), name="a_pause_of_copies_has_length"
            )
        ]

    def __str__(self) -> str:
        return f"Pause from {self.from_on}"


class OtherAddress(Span):
    """Copies go there on these days; without an end they are forwarded for good."""

    name = models.CharField("name on the label", max_length=200, blank=True, help_text="Empty: as always.")
    address = models.TextField("postal address, line by line")
    postcode = models.CharField(max_length=20, blank=True)
    country = models.CharField("country, ISO 3166-1", max_length=2)

    class Meta(Span.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on=None) | Q(from_on__lte=F("to_on")), name="an_other_address_has_length"
            )
        ]

    def __str__(self) -> str:
        return f"Other address from {self.from_on}"


class Remedy(models.Model):
    """A copy came back or never arrived, and what is done: sent again with a supplementary run, one issue more, or nothing."""

    class What(models.TextChoices):
        RETURNED = "returned", "Came back"
        LOST = "lost", "Did not arrive"
        DAMAGED = "damaged", "Arrived damaged"

    class Done(models.TextChoices):
        REPLACE = "replace", "Send it again"
        CREDIT = "credit", "One issue more after the term"
        NOTHING = "nothing", "Nothing"

    copy = models.ForeignKey(Copy, on_delete=models.PROTECT, related_name="remedies")
    what = models.CharField(max_length=8, choices=What)
    done = models.CharField(max_length=8, choices=Done)
    because = models.CharField("reason", max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = [models.UniqueConstraint(fields=["copy"], name="one_remedy_of_a_copy")]

    def __str__(self) -> str:
        return f"{self.copy}: {self.get_what_display()}"


class SentFile(models.Model):
    """A file as it was made, to be sent again byte for byte: of a run, or of changes for the house of a profile."""

    class Kind(models.TextChoices):
        MAILING = "mailing", "Mailing file"
        LABELS = "labels", "Label sheets"
        CHANGES = "changes", "File of changes"

    name = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="files")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    part = models.PositiveSmallIntegerField(default=1)
    content = models.BinaryField(help_text="Compressed with zlib.")
    digest = models.CharField("SHA-256", max_length=64)
    lines = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged = models.CharField("what the house answered", max_length=200, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["run", "kind", "part"], condition=Q(run__isnull=False), name="one_file_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name


class ToldLine(models.Model):
    """What a house was last told of a subscriber: what the next file of changes is compared with."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="told")
    chain = models.BigIntegerField()
    said = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "chain"], name="told_once")]

    def __str__(self) -> str:
        return f"{self.profile}: {self.chain}"
