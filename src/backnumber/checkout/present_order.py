"""One look at the page where a gift is bought: the country first where copies are posted, what was typed, what it comes to."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from uuid import uuid4

from django.utils import timezone

from backnumber.checkout import postal
from backnumber.checkout.forms import AddressForm, CountryForm
from backnumber.checkout.present_forms import GiveForm
from backnumber.checkout.presenting import Wording
from backnumber.checkout.quotes import Line, Quote, gift_lines
from backnumber.circulation.countries import code_of_country
from backnumber.products.models import Price, Product, Region
from backnumber.products.queries import price_for
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader


class GiftForm:
    """Where the donor is: without a country, typing, or ready."""

    def __init__(
        self, donor: Reader, product: Product, typed: Mapping[str, str], *, is_sent: bool, now: datetime
    ) -> None:
        self.donor, self.product = donor, product
        self._typed, self._is_sent, self._now = typed, is_sent, now
        token = typed.get("token", "")
        self.token = token if token.isalnum() and len(token) <= 40 else uuid4().hex
        named = code_of_country(typed.get("country", "")) or ""
        self.country = named if named in {code for code, _ in postal.countries()} else ""

    @property
    def needs_country(self) -> bool:
        return self.product.is_print and not self.country

    @property
    def country_name(self) -> str:
        return postal.country_name(self.country)

    @cached_property
    def country_form(self) -> CountryForm:
        return CountryForm(initial={"country": "GB"})

    @cached_property
    def region(self) -> Region:
        return region_of(self.country) if self.product.is_print else Region.ANYWHERE

    @cached_property
    def price(self) -> Price | None:
        """None while no country is chosen, or when the product is not sold there."""
        return None if self.needs_country else price_for(self.product, self.region)

    @cached_property
    def form(self) -> GiveForm:
        today = timezone.localtime(self._now).date()
        if self._is_sent:
            return GiveForm(today, self._typed)
        return GiveForm(today, initial={"donor_name": self.donor.get_full_name(), "arrives_on": today})

    @property
    def gives_address(self) -> bool:
        """Whether the donor knows where the copies go; else the recipient is asked."""
        return self.product.is_print and self._typed.get("posted", "") == "here"

    @cached_property
    def address_form(self) -> AddressForm | None:
        if not self.product.is_print or self.needs_country:
            return None
        if self._is_sent and self.gives_address:
            return AddressForm(self.country, {**self._typed_fields, "country": self.country})
        return AddressForm(self.country, initial={**self._typed_fields, "country": self.country})

    @property
    def _typed_fields(self) -> dict[str, str]:
        return {name: self._typed[name] for name in self._typed if name != "country"}

    @cached_property
    def quote(self) -> Quote:
        """What the page shows of the order; the form carries it, sealed."""
        lines = [Line("What", f"{self.product.label}, as a gift")]
        if self.product.is_print:
            lines.append(Line("Posted to", self.country_name))
        lines += gift_lines(self.product.term_months or 0)
        lines.append(Line("To pay", str(self.price.amount) if self.price else "—"))
        return Quote(self.donor.pk, self.product.pk, tuple(lines))

    @cached_property
    def changes(self) -> tuple[str, ...] | None:
        """What is no longer as the form showed it; None when that is not known. Nothing is ordered then."""
        return self.quote.changes_since(self._typed.get("quote", ""))

    @property
    def must_be_seen_again(self) -> bool:
        return self._is_sent and self.changes != ()

    @property
    def has_errors(self) -> bool:
        address = self.address_form
        return self._is_sent and (
            bool(self.form.errors) or bool(address and address.is_bound and address.errors)
        )

    def wording(self) -> Wording | None:
        """Promise: what the donor says of it, once it was sent and is valid."""
        if not self._is_sent or self.price is None or self.has_errors or self.must_be_seen_again:
            return None
        said, address = self.form.cleaned_data, self.address_form
        return Wording(
            donor_name=said["donor_name"],
            recipient_name=said["recipient_name"],
            message=said["message"],
            sent_to=said["sent_to"],
            arrives_on=said["arrives_on"],
            address=address.address if address is not None and address.is_bound else None,
        )
