"""An amount is an integer of minor units and a currency (ISO 4217); never a float."""

from dataclasses import dataclass

# ISO 4217, "minor units": currencies a magazine sells in whose exponent is not 2.
_EXPONENTS = {"JPY": 0, "KRW": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3}
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$", "JPY": "¥"}


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were added or compared."""


@dataclass(frozen=True, slots=True)
class Amount:
    """`minor` in the currency's minor unit: 4800 GBP is £48.00."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
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

    def __str__(self) -> str:
        """Promise: as printed, "£48" when whole and "£4.50" when not; the code stands for a currency without a sign."""
        exponent = _EXPONENTS.get(self.currency, 2)
        whole, rest = divmod(abs(self.minor), 10**exponent)
        figures = f"{whole:,}" + (f".{rest:0{exponent}d}" if rest else "")
        sign = _SIGNS.get(self.currency, f"{self.currency} ")
        return f"{'−' if self.minor < 0 else ''}{sign}{figures}"
