"""Errors as Stripe answers them."""

from typing import Any


class Refusal(Exception):
    """An answer that is no success: its status and what stands under "error"."""

    def __init__(
        self, status: int, kind: str, message: str, *, code: str = "", param: str = "", **more: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        named = {"code": code, "param": param, **more}
        self.error = {"type": kind, "message": message, **{k: v for k, v in named.items() if v}}


def invalid(message: str, *, code: str = "", param: str = "") -> Refusal:
    return Refusal(400, "invalid_request_error", message, code=code, param=param)


def missing(kind: str, key: str, param: str = "id") -> Refusal:
    return Refusal(
        404, "invalid_request_error", f"No such {kind}: '{key}'", code="resource_missing", param=param
    )
