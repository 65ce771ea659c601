"""Words that a register's text says in both languages."""

from __future__ import annotations

from typing import Annotated, Final, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from luoshi.org.told import language_now
from luoshi.words import Language, Words

__all__ = ["Bilingual", "BilingualText", "Frozen", "ShortText", "complaint"]

_CONTROL: Final = frozenset(map(chr, [*range(32), *range(127, 160)])) - {"\n", "\t"}


def complaint(zh: str, en: str, *at: str | int) -> PydanticCustomError:
    """Return the error that a validator raises, with its sentence in both languages and the key that it is about."""
    return PydanticCustomError("luoshi", "{zh} / {en}", {"zh": zh, "en": en, "at": at})


class Frozen(BaseModel):
    """What all parts of a register share: exact types, no unknown keys, no change after reading."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _printable(text: str) -> str:
    if _CONTROL.intersection(text):
        raise complaint("文字里有看不见的控制字符，请删去", "The text holds invisible control characters; remove them")
    return text


Plain: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(_printable)
]


class Bilingual(Frozen):
    """One wording in Chinese and in English; as text it is what the reader of the page at hand reads."""

    zh: Plain
    en: Plain

    def in_(self, language: Language) -> str:
        """Return the wording in one language."""
        return self.zh if language == "zh" else self.en

    @property
    def words(self) -> Words:
        """The same wording as the pure rooms hold it."""
        return Words(self.zh, self.en)

    def __str__(self) -> str:
        return self.in_(language_now())


def _both(value: object) -> object:
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _short(words: Bilingual) -> Bilingual:
    if max(len(words.zh), len(words.en)) > 60:
        raise complaint("名称太长，请写在60个字符以内", "This name is too long; keep it within 60 characters")
    return words


BilingualText: TypeAlias = Annotated[Bilingual, BeforeValidator(_both)]
"""A plain text stands for both languages, where nobody reads a second one."""

ShortText: TypeAlias = Annotated[BilingualText, AfterValidator(_short)]
"""Words for a heading or a button."""
