"""What can be wrong with a file.

::

    ReadError                 anything a reader of files says to its user
    ├── EmptyFileError        no byte, or no character of text
    ├── TooLargeError         over one of the limits in `limits.py`
    ├── LockedError           asks for a password
    ├── DamagedError          cut short, or not what its name says
    ├── UnknownFormatError    a kind of file that is not read
    └── MissingHelperError    the kind is known, its helper is not installed

Every error holds one sentence in both languages that says what to do. None holds text of the document.
"""

from __future__ import annotations

from luoshi.words import Words, language_of

__all__ = [
    "DamagedError",
    "EmptyFileError",
    "LockedError",
    "MissingHelperError",
    "ReadError",
    "TooLargeError",
    "UnknownFormatError",
]


class ReadError(Exception):
    """A file that cannot be read, with what its user can do about it."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh, en)
        self.words = Words(zh, en)

    def __str__(self) -> str:
        return self.words.in_(language_of())


class EmptyFileError(ReadError):
    """The file holds no byte or no character of text."""


class TooLargeError(ReadError):
    """The file, or what it unpacks to, is over a documented limit."""


class LockedError(ReadError):
    """The file asks for a password."""


class DamagedError(ReadError):
    """The file is cut short, or is not what its name says."""


class UnknownFormatError(ReadError):
    """The kind of file is not one that Luoshi reads."""


class MissingHelperError(ReadError):
    """The kind of file is known, but its helper (an extra or a package) is not installed."""
