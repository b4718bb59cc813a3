"""The rule: who may read what, when, and why. Pure: knows neither Django nor any room."""

from backnumber.access.rules import decide
from backnumber.access.words import (
    Asked,
    Asker,
    Considered,
    Decision,
    Evidence,
    Fit,
    FreeWindow,
    Grant,
    Offer,
    Policy,
    Reason,
    Scope,
    ScopeKind,
)

__all__ = [
    "Asked",
    "Asker",
    "Considered",
    "Decision",
    "Evidence",
    "Fit",
    "FreeWindow",
    "Grant",
    "Offer",
    "Policy",
    "Reason",
    "Scope",
    "ScopeKind",
    "decide",
]
