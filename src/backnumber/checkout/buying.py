"""One look at the buying page: what was typed, what it comes to, and the wish once it is whole."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import cached_property
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.conf import settings

from backnumber.archive.models import Article
from backnumber.checkout import postal, queries, rules, vouchers, wares
from backnumber.checkout.forms import AddressForm, CountryForm
from backnumber.checkout.models import SHORT_DAYS
from backnumber.checkout.quotes import Line, Quote, renewal_in_words, term_lines, voucher_lines
from backnumber.checkout.sale import Sale, sale_of
from backnumber.checkout.service import Wish
from backnumber.circulation.countries import code_of_country
from backnumber.money import Amount
from backnumber.payments.providers import taking_payments
from backnumber.products.models import Price, Product, Region, Voucher
from backnumber.products.queries import price_for, voucher_named
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader
from backnumber.renewals.models import Subscription
from backnumber.renewals.queries import living

TYPED = (
    *(field.name for field in fields(postal.PostalAddress) if field.name != "country_code"),
    "country",
    "voucher",
    "seats",
)


class OrderForm:
    """Where the reader is in buying: without a country, with the address to type, or ready."""

    def __init__(
        self,
        *,
        reader: Reader,
        product: Product,
        typed: Mapping[str, str],
        is_sent: bool,
        article: Article | None,
        now: datetime,
        kept: Mapping[str, str] | None = None,
    ) -> None:
        """`kept`: what this reader typed into it before their session ended."""
        self.reader, self.product, self.article = reader, product, article
        self._typed, self._is_sent, self._now = typed, is_sent, now
        self._kept = dict(kept or {}) if not is_sent else {}
        token = typed.get("token", "")
        self.token = token if token.isalnum() and len(token) <= 40 else uuid4().hex
        known = postal_countries()
        named = code_of_country(typed.get("country", "") or self._kept.get("country", "")) or ""
        self._before = (
            queries.last_address(reader) if product.is_print and not is_sent and named not in known else None
        )
        self.country = named if named in known else (self._before.country_code if self._before else "")
        self.country_was_changed = is_sent and product.is_print and self.country != typed.get("shown_for", "")

    @cached_property
    def region(self) -> Region:
        return region_of(self.country) if self.product.is_print else Region.ANYWHERE

    @cached_property
    def price(self) -> Price | None:
        """None while no country is chosen, or when the product is not sold there."""
        return None if self.needs_country else price_for(self.product, self.region)

    @property
    def needs_country(self) -> bool:
        return self.product.is_print and not self.country

    @property
    def country_name(self) -> str:
        return postal.country_name(self.country)

    @cached_property
    def country_form(self) -> CountryForm:
        return CountryForm(initial={"country": self.country or "GB"})

    @cached_property
    def address_form(self) -> AddressForm | None:
        """Bound only when the reader sends it; a change of country keeps all that was typed and complains of
        nothing.
        """
        if not self.product.is_print or not self.country:
            return None
        if self._is_sent and not self.is_another_form:
            return AddressForm(self.country, self._typed)
        kept = dict(self._typed.items()) if self._is_sent else self._kept
        before = self._before.as_json() if self._before else {}
        return AddressForm(self.country, initial={**before, **kept, "country": self.country})

    @cached_property
    def sale(self) -> Sale | None:
        """What it comes to for this reader; None while the price is not known."""
        if self.price is None:
            return None
        return sale_of(self.reader, self.product, self.price, self.voucher, self.seats)

    @property
    def seats_typed(self) -> str:
        return (self._typed.get("seats") or self._kept.get("seats", "")).strip()[:9]

    @property
    def seats(self) -> int:
        """Of a group: how many are paid for."""
        typed = self.seats_typed
        return self.product.seats_for(int(typed) if typed.isascii() and typed.isdecimal() else 0)

    @property
    def seats_problem(self) -> str:
        """Why what was typed is no number of seats that is sold; nothing is ordered then."""
        typed, product = self.seats_typed, self.product
        if not product.is_group or not product.per_seat or not typed or typed == str(self.seats):
            return ""
        return f"Type a number from {product.seats_from} to {product.seats_to}."

    @property
    def voucher_code(self) -> str:
        """What was typed as a voucher."""
        return (self._typed.get("voucher") or self._kept.get("voucher", "")).strip()[:40]

    @cached_property
    def _voucher(self) -> tuple[Voucher | None, str]:
        """The voucher, or why there is none."""
        if not self.voucher_code or self.price is None:
            return None, ""
        found = voucher_named(self.voucher_code)
        if found is None:
            return None, vouchers.unknown(self.voucher_code)
        why = vouchers.why_not(found, self.reader, self.product, self.price, self._now)
        return (None, why) if why else (found, "")

    @property
    def voucher(self) -> Voucher | None:
        """The one that was typed, when it may be used."""
        return self._voucher[0]

    @property
    def voucher_problem(self) -> str:
        """Why what was typed may not be used; nothing is ordered then."""
        return self._voucher[1]

    @cached_property
    def amount(self) -> Amount | None:
        """What is paid now."""
        return self.sale.amount if self.sale else None

    @cached_property
    def term(self) -> rules.Term | None:
        """What the term would be if it were paid for now; None without end."""
        held = queries.terms_held(self.reader, self.product)
        length = rules.Length(self.product.term_months or 0, self.product.term_days or 0)
        length = self.sale.length if self.sale else length
        return rules.term_of(length, held, self._now, ZoneInfo(settings.TIME_ZONE))

    @cached_property
    def subscribed(self) -> Subscription | None:
        """What renews, and this reader has it already: it is changed, not bought again."""
        return living(self.reader, self.product) if self.product.renews else None

    @property
    def is_for_them(self) -> bool:
        """Whether it is sold to this reader."""
        return self.product.is_for(self.reader.email)

    @property
    def extends(self) -> bool:
        return self.term is not None and self.term.begins > self._now

    @cached_property
    def quote(self) -> Quote:
        """What the page shows of the order; the form carries it, sealed."""
        lines = [Line("What", self.label)]
        if self.product.is_print:
            served = self.price.get_region_display() if self.price else "not served"
            lines.append(Line("Posted to", f"{self.country_name} ({served})"))
        sale = self.sale
        renewal = renewal_in_words(sale.renewal, sale.renewal_months) if sale else ""
        lines += term_lines(self.product.term_days or 0, self.term, self._now, renewal)
        if self.seats:
            lines.append(Line("Seats", str(self.seats)))
        if self.product.keeps_term:
            lines.append(Line("Stays yours", "the issues of this term, after it ends"))
        lines += voucher_lines(self.voucher, sale.off if sale else None)
        lines.append(Line("To pay", str(self.amount) if self.amount else "—"))
        return Quote(self.reader.pk, self.product.pk, tuple(lines))

    @cached_property
    def changes(self) -> tuple[str, ...] | None:
        """What is no longer as the form showed it; None when that is not known. Nothing is ordered then."""
        return self.quote.changes_since(self._typed.get("quote", ""))

    @property
    def must_be_seen_again(self) -> bool:
        return self._is_sent and not self.is_another_form and self.changes != ()

    @property
    def is_another_form(self) -> bool:
        """The reader asked for another country's form, or to see what a voucher takes off, or what so many seats cost: what was shown was not agreed to."""
        return (
            self.country_was_changed
            or "change-country" in self._typed
            or "use-voucher" in self._typed
            or "use-seats" in self._typed
        )

    @property
    def is_short(self) -> bool:
        """Whether the hour at which it ends matters."""
        return 0 < (self.product.term_days or 0) <= SHORT_DAYS

    @property
    def label(self) -> str:
        return wares.label(self.product, self.article, self.seats)

    @property
    def names_nothing(self) -> bool:
        """A single piece is wanted, and nobody said which."""
        return self.product.is_by_the_piece and self.article is None

    @cached_property
    def reads_already(self) -> queries.Reading | None:
        """What opens the single piece to the reader, so that it is not sold again."""
        if self.article is None:
            return None
        return queries.may_read_already(self.reader, self.product, self.article, self._now)

    @cached_property
    def reading(self) -> queries.Reading | None:
        """What the reader has already and this would not follow on from."""
        return (
            None if self.extends or self.product.is_group else queries.already_reading(self.reader, self._now)
        )

    def wish(self) -> Wish | None:
        """Promise: what to order, once all that is needed was sent and is valid."""
        if not self._is_sent or self.price is None or not taking_payments() or self.names_nothing:
            return None
        if self.is_another_form or self.must_be_seen_again or self.subscribed or not self.is_for_them:
            return None
        if self.voucher_problem or self.seats_problem:
            return None
        form = self.address_form
        if form is not None and not (form.is_bound and form.is_valid()):
            return None
        address = form.address if form else None
        return Wish(
            self.product, self.price, self.region, address, self.article, self.quote, self.voucher, self.seats
        )


def postal_countries() -> set[str]:
    return {code for code, _ in postal.countries()}
