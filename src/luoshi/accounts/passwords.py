"""What a password must be, how it is hashed, and one-time passwords."""

from __future__ import annotations

import datetime as dt
import re
import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from luoshi.accounts.models import Account

__all__ = [
    "ENOUGH",
    "ONE_TIME_LASTS",
    "Argon2",
    "KindsValidator",
    "LocalWordsValidator",
    "NameValidator",
    "Ready",
    "one_time",
]

ENOUGH: Final = 16
"""From this length on a password needs no mixture of kinds."""

ONE_TIME_LASTS: Final = dt.timedelta(days=14)
"""A one-time password that nobody has used for so long is good for nothing."""

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz"
_DIGITS: Final = "23456789"
_LOOKALIKES: Final = str.maketrans({"@": "a", "0": "o", "1": "i", "!": "i", "$": "s", "3": "e"})
_YEAR: Final = re.compile(r"(?:19[4-9]|20[0-5])\d")
_KEYBOARD: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB, two passes, one lane: eight people signing in at once take less than 400 MB."""

    time_cost = 2
    memory_cost = 47104
    parallelism = 1


@dataclass(frozen=True, slots=True)
class Ready:
    """An account that can be made at once: whose it will be, its hash, and the one-time password itself."""

    holder: int
    name: str
    username: str
    password: str
    once: str = field(repr=False)


class KindsValidator:
    """Wants three of four kinds of characters, or a length that makes up for it.

    The kinds: small letters, capital letters, digits, everything else (Chinese characters too).
    """

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 — Django's signature
        """Raise ValidationError `password_too_plain` where it is neither long nor mixed."""
        if len(password) < ENOUGH and len(_kinds(password)) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("请混用大写字母、小写字母、数字、符号（含汉字）中的至少三种，或者用 %(length)d 个以上的字符。") % {
            "length": ENOUGH
        }


class NameValidator:
    """Refuses a password that holds the user name, or the name of the person."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError `password_has_name`; without an account there is nothing to hold against it."""
        if user is None:
            return
        folded = _folded(password)
        for name in (user.username, user.shown_name):
            short = 3 if name.isascii() else 2
            if len(name) >= short and _folded(name) in folded:
                raise ValidationError(self.get_help_text(), code="password_has_name")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("密码里不能有用户名或本人姓名。")


class LocalWordsValidator:
    """Refuses what people here choose first: words in pinyin, years, runs on the keyboard, one character repeated.

    Takes the known parts away, with `@` read as `a` and the like, and wants at least six other characters to be left,
    or a third of the password. "Jiaoyu@2026" leaves nothing; "青禾-Luoshi-2026" leaves two Chinese characters, which
    are enough.
    """

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 — Django's signature
        """Raise ValidationError `password_too_usual`."""
        left = min(_left(form) for form in _forms(password))
        if left < 6 and left * 3 < len(password):
            raise ValidationError(self.get_help_text(), code="password_too_usual")

    def get_help_text(self) -> str:
        """Say the rule."""
        return _("不要用常见词、拼音、年份、连续的键或重复的字符拼成密码，它们最先被猜到。")


def one_time(user: Account | None = None) -> str:
    """Return a new password that passes every rule: three groups of four without letters that look alike.

    It is good for reading out and typing in; about 55 bits. Where it goes, the account must change it at sign-in.
    """
    while True:
        groups = ["".join(secrets.choice(_LETTERS + _DIGITS) for _each in range(4)) for _group in range(3)]
        password = "-".join(groups)
        try:
            validate_password(password, user)
        except ValidationError:
            continue
        return password


def _kinds(password: str) -> set[str]:
    return {
        "small" if char.islower() else "capital" if char.isupper() else "digit" if char.isdigit() else "other"
        for char in password
    }


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _forms(password: str) -> Iterator[str]:
    """Yield what to look at: as it is, with look-alikes read as letters, and so after the years are gone."""
    folded = _folded(password)
    yield folded
    yield folded.translate(_LOOKALIKES)
    yield _YEAR.sub(" ", folded).translate(_LOOKALIKES)


def _left(text: str) -> int:
    """Return how much is left when usual words, runs, repetitions and marks are taken away.

    Chinese characters count three each: there are some thousands to choose from.
    """
    for word in _usual_words():
        text = text.replace(word, " ")
    text = _without_runs(_YEAR.sub(" ", text))
    return sum(1 if char.isascii() else 3 for char in text if char.isalnum())


def _without_runs(text: str) -> str:
    """Take away every stretch of three or more that repeats, counts up or down, or follows the keyboard."""
    kept: list[str] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _runs(text[start : end + 1]):
            end += 1
        kept.append(" " if end - start >= 3 else text[start])
        start = end if end - start >= 3 else start + 1
    return "".join(kept)


def _runs(piece: str) -> bool:
    if len(set(piece)) == 1:
        return True
    steps = {ord(after) - ord(before) for before, after in pairwise(piece)}
    return steps in ({1}, {-1}) or any(piece in row or piece[::-1] in row for row in _KEYBOARD)


@cache
def _usual_words() -> tuple[str, ...]:
    """Return the words of the list, the longest first."""
    lines = (Path(__file__).parent / "data" / "usual_passwords.txt").read_text(encoding="utf-8").splitlines()
    words = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    return tuple(sorted(words, key=len, reverse=True))
