"""Amounts of money. Pure: knows neither Django nor any room."""

from backnumber.money.amounts import Amount, CurrencyMismatch

__all__ = ["Amount", "CurrencyMismatch"]
