"""One way to write a value down, and the SHA-256 chain over what was written.

The canonical form is JSON in UTF-8: keys sorted, no spaces, no escapes of what UTF-8 can say, no numbers but integers.
Whatever has another type (money, days, hours) is text before it comes here, so that every language and every year
writes the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

__all__ = ["GENESIS", "Json", "canonical", "link"]

type_error = "{value!r} has no canonical form: use text, whole numbers, yes/no, nothing, lists and named values"

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]

GENESIS: Final = "0" * 64
"""What the first link of every chain names as the one before it."""


def canonical(value: Json) -> bytes:
    """Return the one byte form of `value`; TypeError where it holds a fraction or anything else that is not plain.

    Half a character (a lone surrogate) is not plain either: UTF-8 has no bytes for it.
    """
    _refuse_others(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise TypeError(type_error.format(value=error.object[error.start : error.end])) from error


def link(previous: str, content: Json) -> str:
    """Return the hash (64 hex digits) of one link: SHA-256 over the previous link's hash and the canonical content."""
    return hashlib.sha256(previous.encode("ascii") + b"\n" + canonical(content)).hexdigest()


def _refuse_others(value: object) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(type_error.format(value=key))
            _refuse_others(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_others(item)
    elif not (value is None or isinstance(value, (bool, int, str))):
        raise TypeError(type_error.format(value=value))
