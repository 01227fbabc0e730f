"""Errors that cross the wire: each has a kind, and each kind its code."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

CODES = {
    "parse_error": -32700,
    "invalid_request": -32600,
    "method_not_found": -32601,
    "invalid_message": -32602,
    "internal_error": -32603,
    "step_failed": 1000,
    "invalid_params": 1001,
    "precondition_failed": 1002,
    "cancelled": 1003,
    "resource_exhausted": 1005,
    "context_base_missing": 1009,
    "unserialisable_value": 1010,
    "version_mismatch": 1011,
    "file_unusable": 1012,
}


class WireError(Exception):
    """A request that ends without a result. `details` go into the error's data: cause, hint, pointer, …"""

    def __init__(self, kind: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.details = details

    def to_wire(self) -> dict[str, Any]:
        """The error object of a JSON-RPC answer."""
        data = {"kind": self.kind, "cause": [], **self.details}
        return {"code": CODES[self.kind], "message": self.message, "data": data}
