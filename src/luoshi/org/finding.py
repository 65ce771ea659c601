"""Units by what people type: a code, a name, a short name, parts of them, or their pinyin (jjk for 基教科).

What a spelling sounds like is worked out once and kept; which units there are is asked each time, so that nobody is
offered a unit that has closed or was renamed a moment ago.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from luoshi.org.models import Unit
from luoshi.org.queries import open_units
from luoshi.org.rules import squeezed

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["find_units"]

_LONGEST: Final = 60
"""Characters that are looked at of what was typed."""
_SPELLINGS: Final = 1 << 17
"""Spellings whose sound is kept: a province with its schools has about 60,000."""
_NO_MATCH: Final = 9

_Sounds = tuple[tuple[str, ...], ...]
"""For each character of a spelling how it can be read, without tones; a letter or figure is read as itself."""


def find_units(text: str, limit: int = 12, *, among: QuerySet[Unit] | None = None) -> list[Unit]:
    """Return units for what somebody types, the likeliest first: open ones unless told.

    Best is what is the same; then its beginning, a part of it, its pinyin (initials, syllables, or both mixed: `jjk`,
    `jijiao`, `jijk`), last its characters or initials in this order with gaps. Nothing typed finds nothing.
    """
    wanted = squeezed(text[:_LONGEST])
    if not wanted or limit < 1:
        return []
    units = open_units() if among is None else among
    letters = wanted.isascii() and wanted.isalnum()
    ranked: list[tuple[int, int, int, int]] = []
    for key, code, name, short in units.values_list("pk", "code", "name", "short_names"):
        rank = min(_rank(wanted, _spelling(one), letters=letters) for one in (code, name, *short))
        if rank < _NO_MATCH:
            ranked.append((rank, len(name), len(ranked), key))
    keys = [key for *_, key in sorted(ranked)[:limit]]
    found: dict[int, Unit] = Unit.objects.in_bulk(keys)
    return [found[key] for key in keys]


@lru_cache(maxsize=_SPELLINGS)
def _spelling(text: str) -> str:
    return squeezed(text)


def _rank(wanted: str, spelling: str, *, letters: bool) -> int:
    """Return how well a spelling answers, 0 best."""
    if spelling == wanted:
        return 0
    if spelling.startswith(wanted):
        return 1
    if wanted in spelling:
        return 2
    if letters:
        return _by_sound(wanted, _sounds(spelling))
    return 7 if len(wanted) > 1 and _in_order(wanted, spelling) else _NO_MATCH


def _in_order(wanted: str, spelling: str) -> bool:
    rest = iter(spelling)
    return all(character in rest for character in wanted)


def _by_sound(wanted: str, sounds: _Sounds) -> int:
    if len(sounds) == len(wanted) and _initials(wanted, sounds):
        return 3
    if _spells(wanted, sounds, 0):
        return 4
    if any(_spells(wanted, sounds, start) for start in range(1, len(sounds))):
        return 5
    return 8 if len(wanted) > 1 and _initials_in_order(wanted, sounds) else _NO_MATCH


def _initials(wanted: str, sounds: _Sounds) -> bool:
    return all(any(reading[0] == letter for reading in one) for letter, one in zip(wanted, sounds, strict=True))


def _initials_in_order(wanted: str, sounds: _Sounds) -> bool:
    rest = iter(sounds)
    return all(any(any(reading[0] == letter for reading in one) for one in rest) for letter in wanted)


def _spells(wanted: str, sounds: _Sounds, start: int) -> bool:
    """Tell whether `wanted` is a run of syllables and initials that begins with the character `start`."""
    reached = {0}
    for readings in sounds[start:]:
        after: set[int] = set()
        for at in reached:
            left = wanted[at:]
            if any(reading.startswith(left) for reading in readings):
                return True
            after.update(at + len(reading) for reading in readings if left.startswith(reading))
            after.update(at + 1 for reading in readings if left[0] == reading[0])
        if not after:
            return False
        reached = after
    return False


@lru_cache(maxsize=_SPELLINGS)
def _sounds(spelling: str) -> _Sounds:
    return tuple(_readings(character) for character in spelling)


@lru_cache(maxsize=1 << 14)
def _readings(character: str) -> tuple[str, ...]:
    from pypinyin.constants import PINYIN_DICT  # noqa: PLC0415 — a large table, needed only once letters are typed
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415 — as above

    marked = PINYIN_DICT.get(ord(character), "")
    return tuple(dict.fromkeys(to_normal(one) for one in marked.split(",") if one)) or (character,)
