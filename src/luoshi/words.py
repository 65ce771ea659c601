"""Sentences for people, in both languages of the product.

The pure rooms hold no framework and so no catalogue: whatever they say to a reader they say as :class:`Words`, and the
caller picks the language. Chinese comes first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

__all__ = ["Language", "Words", "language_of"]

Language = Literal["zh", "en"]


class Words(NamedTuple):
    """One sentence in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if language == "zh" else self.en


def language_of(environment: Mapping[str, str] | None = None) -> Language:
    """Return the reader's language by `LUOSHI_LANGUAGE`, else by the locale; Chinese where neither names one.

    The plain locales `C` and `POSIX` name no language. Every language other than Chinese gets English.
    """
    environment = os.environ if environment is None else environment
    for name in ("LUOSHI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            code = value.split(".")[0].split("@")[0]
            return "zh" if code.lower().startswith("zh") or code in {"C", "POSIX"} else "en"
    return "zh"
