"""An amount is an integer of minor units and a currency (ISO 4217); never a float. How many digits a currency has, and how it is
written, is CLDR's to say (Babel).
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision, get_currency_symbol

_LOCALE = "en"


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Amount:
    """`minor` in the currency's minor unit: 4800 GBP is £48.00, 4800 XOF is 4,800 francs."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        is_code = len(self.currency) == 3 and self.currency.isascii() and self.currency.isalpha()
        if not (is_code and self.currency.isupper()):
            raise ValueError(f"{self.currency!r} is not an ISO 4217 code")

    def __add__(self, other: "Amount") -> "Amount":
        """Errors: CurrencyMismatch."""
        return Amount(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Amount") -> "Amount":
        """Errors: CurrencyMismatch."""
        return Amount(self.minor - self._same(other).minor, self.currency)

    def _same(self, other: "Amount") -> "Amount":
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other

    @property
    def major(self) -> Decimal:
        """Promise: exact, with the currency's digits: Decimal("48.00")."""
        return Decimal(self.minor).scaleb(-digits_of(self.currency))

    def __str__(self) -> str:
        """Promise: as printed, "£48" when whole and "£4.50" when not; a space after what ends in a letter ("CHF 48")."""
        before = symbol_of(self.currency)
        gap = "¤\u00a0" if before[-1].isalpha() else "¤"
        is_whole = self.minor % 10 ** digits_of(self.currency) == 0
        pattern = f"{gap}#,##0" + ("" if is_whole else "." + "0" * digits_of(self.currency))
        figures = format_currency(abs(self.major), self.currency, pattern, _LOCALE, currency_digits=False)
        return f"−{figures}" if self.minor < 0 else str(figures)


@cache
def digits_of(currency: str) -> int:
    """Promise: how many digits stand after the point: 2 for GBP, none for XOF, 3 for OMR; 2 for one CLDR does not know."""
    return int(get_currency_precision(currency))


@cache
def symbol_of(currency: str) -> str:
    """Promise: "£", "$", "CHF": as it is written before figures here."""
    return str(get_currency_symbol(currency, _LOCALE))


@cache
def currencies() -> frozenset[str]:
    """Promise: the currencies that are legal tender somewhere, without an end to it, by CLDR."""
    return frozenset(
        code
        for uses in get_global("territory_currencies").values()
        for code, _, until, is_tender in uses
        if is_tender and until is None
    )
