"""The forms of the desk. Each act has one, and each asks for the reason."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from backnumber.archive.models import Title
from backnumber.characters import OneLine
from backnumber.checkout import postal
from backnumber.circulation.countries import needs_postcode
from backnumber.circulation.models import PrintSubscription
from backnumber.grants.models import Grant
from backnumber.mail.addresses import cleaned
from backnumber.mail.models import Mail
from backnumber.money import Amount
from backnumber.money.typed import NotAnAmount, amount_from
from backnumber.products.models import Price, Product
from backnumber.products.queries import for_sale, price_for
from backnumber.products.rules import region_of
from backnumber.readers.models import Reader

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FindForm(forms.Form):
    """One box."""

    q = OneLine(
        label="Find a person",
        max_length=600,
        help_text="Part of a name, an e-mail address (a former one too), the number of an order, an invoice or a subscriber, a postcode, "
        "the last four digits of a card, a reference of the gate, a gift’s code or link.",
    )


class ActForm(forms.Form):
    """What is done to `reader`. `about` is the number of what the link was beside: an order, a right, a mail; None without."""

    because = OneLine(label="Reason", max_length=300, help_text="It is kept in the audit log.")

    def __init__(self, reader: Reader, about: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader, self.about = reader, about
        self.fields["because"] = self.fields.pop("because")  # last
        self.set_up()

    def set_up(self) -> None:
        """What a form fills its fields with."""


def _end_of(day: Any) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), timezone.get_default_timezone())


class NoteForm(forms.Form):
    """What is worth knowing; it is its own reason."""

    text = forms.CharField(label="Note", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, reader: Reader, about: int | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader, self.about = reader, about


class GrantForm(ActForm):
    """A right by hand."""

    title = forms.ModelChoiceField(
        Title.objects.all(), label="What to open", required=False, empty_label="The whole archive"
    )
    last_day = forms.DateField(label="Last day", widget=DAY)
    case = OneLine(
        label="Case",
        max_length=120,
        help_text="What it rests on: the reference of the mail or the claim. One case, one right.",
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["until"] = _end_of(given["last_day"]) if given.get("last_day") else None
        return given


class ExtendForm(ActForm):
    """A right that goes on, as a further right after it."""

    grant = forms.ModelChoiceField(Grant.objects.none(), label="Which right")
    last_day = forms.DateField(label="New last day", widget=DAY)
    case = OneLine(
        label="Case", max_length=120, help_text="What it rests on: the reference of the mail or the claim."
    )

    def set_up(self) -> None:
        field = self.fields["grant"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Grant.objects.filter(reader=self.reader, revoked_at=None, until__isnull=False).defer(
            "article__body"
        )
        field.label_from_instance = _right  # type: ignore[method-assign,assignment]
        field.initial = self.about

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        grant, day = given.get("grant"), given.get("last_day")
        given["until"] = _end_of(day) if day else None
        if grant and given["until"] and grant.until and given["until"] <= grant.until:
            self.add_error("last_day", "It lasts so long already. Choose a later day.")
        return given


def _right(grant: Grant) -> str:
    return f"{grant.label}, until {grant.until:%-d %B %Y}" if grant.until else grant.label


class AddressForm(ActForm):
    """Where printed copies go."""

    subscription = forms.ModelChoiceField(PrintSubscription.objects.none(), label="Which print subscription")
    address = forms.CharField(
        label="Address, without name and country", max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    postcode = OneLine(label="Postcode", max_length=20, required=False)
    country = forms.ChoiceField(label="Country", choices=postal.countries())

    def set_up(self) -> None:
        held = PrintSubscription.objects.filter(reader=self.reader)
        field = self.fields["subscription"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = held
        one = held.filter(pk=self.about).first() if self.about else held.order_by("-ends_on").first()
        if one is not None:
            self.initial = {
                "subscription": one.pk,
                "address": one.address,
                "postcode": one.postcode,
                "country": one.country,
            }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if needs_postcode(given.get("country", "")) and not given.get("postcode"):
            self.add_error("postcode", "Letters to this country need a postcode.")
        return given


class EmailForm(ActForm):
    """Another address."""

    email = forms.EmailField(label="New e-mail address", max_length=254)

    def clean_email(self) -> str:
        email = cleaned(self.cleaned_data["email"])
        other = Reader.objects.filter(email=email).exclude(pk=self.reader.pk).first()
        if other is not None:
            raise ValidationError(
                "Another account has this address. If both are one person’s, merge the two instead."
            )
        if email == self.reader.email:
            raise ValidationError("This is the address of the account already.")
        return email


class MailForm(ActForm):
    """A mail once more."""

    mail = forms.ModelChoiceField(Mail.objects.none(), label="Which mail")

    def set_up(self) -> None:
        field = self.fields["mail"]
        assert isinstance(field, forms.ModelChoiceField)
        kept = Mail.objects.filter(recipient=self.reader.email, keeps_text=True).exclude(text="", html="")
        field.queryset = kept.exclude(state=Mail.State.WAITING)
        field.initial = self.about


class DeceasedForm(ActForm):
    """The end, politely."""

    copies_stop = forms.BooleanField(
        label="Printed copies stop too",
        required=False,
        initial=True,
        help_text="Leave it out when the family wants them to the end of the term.",
    )

    def set_up(self) -> None:
        self.fields["because"].label = "Who told us"


class MergeForm(ActForm):
    """Which other account is the same person’s."""

    other = forms.EmailField(
        label="E-mail address of the other account", help_text="All of it moves to this reader."
    )
    is_sure = forms.BooleanField(label="I have read what moves, and it is one person", required=False)

    def clean_other(self) -> Reader:
        email = cleaned(self.cleaned_data["other"])
        other = Reader.objects.filter(email=email).first()
        if other is None:
            raise ValidationError("No account has this address.")
        if other.pk == self.reader.pk:
            raise ValidationError("This is the same account.")
        return other


class PostOrderForm(ActForm):
    """An order form and a cheque out of an envelope."""

    product = forms.ModelChoiceField(Product.objects.none(), label="What is ordered")
    name = OneLine(label="Name", max_length=100)
    street_address = forms.CharField(
        label="House and street", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    city = OneLine(label="Town or city", max_length=100, required=False)
    country_area = OneLine(label="County, state or province", max_length=100, required=False)
    postal_code = OneLine(label="Postcode", max_length=20, required=False)
    country = forms.ChoiceField(label="Country", choices=postal.countries(), initial="GB")
    amount = OneLine(label="Amount on the cheque", max_length=40, help_text="As readers see it: 48.00.")
    cheque = OneLine(label="Number of the cheque", max_length=60)
    dated = forms.DateField(label="Date on the cheque", widget=DAY)

    def set_up(self) -> None:
        field = self.fields["product"]
        assert isinstance(field, forms.ModelChoiceField)
        sold = [one.pk for one in for_sale() if not one.is_by_the_piece]
        field.queryset = Product.objects.filter(pk__in=sold)
        self.fields["name"].initial = self.reader.get_full_name()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        product, country = given.get("product"), given.get("country", "")
        if product is None:
            return given
        price = price_for(product, region_of(country))
        given["price"] = price
        if price is None:
            self.add_error("country", "It is not sold there: it has no price for this country.")
            return given
        self._compare(given, price)
        if product.is_print:
            self._check_address(given)
        return given

    def _compare(self, given: dict[str, Any], price: Price) -> None:
        try:
            came = amount_from(given.get("amount", ""), price.currency)
        except NotAnAmount as why:
            self.add_error("amount", str(why))
            return
        given["came"] = came
        asked = price.at_first if not _had(self.reader, product=given["product"]) else price.amount
        if came not in {asked, price.amount}:
            self.add_error(
                "amount",
                f"It costs {Amount(asked.minor, asked.currency)}. Send the cheque back, or ask for the rest.",
            )

    def _check_address(self, given: dict[str, Any]) -> None:
        for name in ("street_address", "city"):
            if not given.get(name):
                self.add_error(name, "Copies are posted: type the address.")
        if needs_postcode(given.get("country", "")) and not given.get("postal_code"):
            self.add_error("postal_code", "Letters to this country need a postcode.")

    def address(self) -> postal.PostalAddress:
        given = self.cleaned_data
        names = ("name", "street_address", "city", "country_area", "postal_code")
        return postal.PostalAddress(given["country"], **{name: given.get(name, "") for name in names})


def _had(reader: Reader, product: Product) -> bool:
    return bool(reader.orders.filter(product=product, begins__isnull=False).exists())
