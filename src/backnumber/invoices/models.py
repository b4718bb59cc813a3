"""Invoices, credit notes, the counters of their numbers, and who sells. The database refuses to change or delete what was issued:
see the migration.
"""

import secrets

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from backnumber.invoices.facts import CreditFacts, InvoiceFacts, Party
from backnumber.invoices.rules import number_of
from backnumber.money import Amount
from backnumber.tax import numbers

PREFIX = "INV"


def new_key() -> str:
    """Promise: 128 bits nobody guesses, fit for an address."""
    return secrets.token_hex(16)


class Seller(models.Model):
    """Who sells, as invoices say it from now on. One row at most; what was issued keeps what was true then."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=200, help_text="The company or person who sells, as registered.")
    address = models.TextField(help_text="As on an envelope, without the country.")
    country = models.CharField(
        max_length=2,
        default="GB",
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", "Give the country by its two letters, as in GB or IE.")],
        help_text="Two letters: GB, IE.",
    )
    company_number = models.CharField(max_length=40, blank=True)
    vat_number = models.CharField(
        "VAT number",
        max_length=20,
        blank=True,
        help_text="With its letters: GB…, IE…. Empty: you are not registered, and no VAT is charged on anything.",
    )
    email = models.EmailField("e-mail", help_text="For questions about invoices.")
    prefix = models.CharField(
        "letters before the number",
        max_length=8,
        default=PREFIX,
        validators=[RegexValidator(r"\A[A-Z0-9]{1,8}\Z", "One to eight capitals or figures.")],
        help_text="HG makes HG-2026-00001. Other letters begin a new series, at 1.",
    )

    class Meta:
        verbose_name = "seller"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_row_of_seller")]

    def __str__(self) -> str:
        return self.name or "The seller"

    def clean(self) -> None:
        """The number as it is printed, where it is one."""
        if self.vat_number:
            try:
                self.vat_number = numbers.checked(self.vat_number)
            except numbers.NotANumber as why:
                raise ValidationError({"vat_number": "This is no VAT number of the UK or the EU."}) from why

    def as_party(self) -> Party:
        return Party(
            name=self.name,
            address=tuple(self.address.splitlines()),
            country=self.country,
            vat_number=self.vat_number,
            company_number=self.company_number,
            email=self.email,
        )


class Counter(models.Model):
    """The last number given in a series in a year. Its row is locked while a number is given; it moves by one."""

    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="one_counter_a_year")]

    def __str__(self) -> str:
        return number_of(self.series, self.year, self.last)


class Issued(models.Model):
    """What an invoice and a credit note have in common. `facts` is all that it says."""

    key = models.CharField(max_length=40, unique=True, default=new_key, editable=False)
    reference = models.CharField(max_length=200, unique=True)
    series = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    minor = models.PositiveBigIntegerField("amount in minor units, tax included")
    facts = models.JSONField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return number_of(self.series, self.year, self.sequence)

    @property
    def amount(self) -> Amount:
        return Amount(self.minor, self.currency)

    def get_absolute_url(self) -> str:
        return reverse("invoice", args=[self.key])


class Invoice(Issued):
    """It holds no reader: an account may be deleted, an invoice may not. `owner_key` finds it again."""

    owner_key = models.CharField(max_length=200, blank=True, db_index=True)

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "sequence"], name="invoice_number_is_given_once")
        ]  # fmt: skip

    @property
    def said(self) -> InvoiceFacts:
        return msgspec.convert(self.facts, InvoiceFacts)


class CreditNote(Issued):
    """What was given back of an invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="credit_notes")

    class Meta:
        ordering = ("-issued_at", "-id")
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "sequence"], name="credit_number_is_given_once"),
            models.CheckConstraint(condition=Q(minor__gt=0), name="credit_is_more_than_nothing"),
        ]  # fmt: skip

    @property
    def said(self) -> CreditFacts:
        return msgspec.convert(self.facts, CreditFacts)
