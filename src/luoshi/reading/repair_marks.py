"""Repairs of marks: zeros in years, brackets of document numbers, half-width punctuation beside Chinese."""

from __future__ import annotations

import re
from typing import Final

from luoshi.reading.late import late
from luoshi.reading.view import Draft, Edit

__all__ = ["mend_brackets", "mend_number_brackets", "mend_points", "mend_years"]

_CHINESE: Final = late("[\u3001-\u301b\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff60\ufffd]")
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"

_ZERO: Final = "○◯\uff2fOo0"
_YEAR: Final = late(
    rf"[一二](?<![{_HAN}\d〇A-Za-z{_ZERO}].)(?:[一二三四五六七八九〇{_ZERO}]{{3}})(?![一二三四五六七八九〇\dA-Za-z○◯])"
)
_NUMBER: Final = late(
    rf"[\[［【﹝〖(（{{](?<=[{_HAN}].)[ \u3000]{{0,2}}((?:19|20)\d\d)[ \u3000]{{0,2}}[\]］】﹞〗)）}}]"
    r"(?=[ \u3000]{0,2}第?[ \u3000]{0,2}\d{1,5}[ \u3000]{0,2}号)"
)
_POINT: Final = late("[,;:!?]")
_FULL_POINTS: Final = str.maketrans(",;:!?", "，；：！？")
_PASSED_BEFORE: Final = " \t\xa0\u3000”’\"')"
_PASSED_AFTER: Final = " \t\xa0\u3000“‘\"'("
_REACH: Final = 4
"""Characters that are passed over on the way to the next letter: blanks, quotation marks, brackets."""


def mend_years(draft: Draft, present: frozenset[str]) -> int:
    """Write the zeros of a year in Chinese numerals as 〇: 二○二六 and 二O二六 become 二〇二六."""
    if not present.intersection(_ZERO) or not present.intersection("一二"):
        return 0
    return draft.substitute(_YEAR, _year)


def _year(match: re.Match[str]) -> str:
    numerals = sum(character in "一二三四五六七八九" for character in match[0])
    return re.sub(f"[{_ZERO}]", "〇", match[0]) if numerals > 1 else match[0]


def mend_number_brackets(draft: Draft, present: frozenset[str]) -> int:
    """Write the brackets of a document number as the standard wants them: 云教〔2026〕12号."""
    if "号" not in present:
        return 0
    return draft.substitute(_NUMBER, lambda match: f"〔{match[1]}〕")


def mend_points(draft: Draft, present: frozenset[str]) -> int:
    """Widen , ; : ! ? beside Chinese; between digits (1,200 and 8:30) and beside Latin letters only they stay."""
    if not present.intersection(",;:!?"):
        return 0
    text = draft.text
    edits = [
        (match.start(), match.end(), match[0].translate(_FULL_POINTS))
        for match in _POINT.finditer(text)
        if _is_chinese_point(text, match.start())
    ]
    return draft.apply(edits)


def _is_chinese_point(text: str, at: int) -> bool:
    before, after = _neighbour(text, at, -1), _neighbour(text, at, 1)
    if not _CHINESE.match(before) and not _CHINESE.match(after):
        return False
    return not (text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit())


def _neighbour(text: str, at: int, step: int) -> str:
    """Return the nearest character that is no blank, quotation mark or bracket; "" at the edge of the line."""
    passed = _PASSED_BEFORE if step < 0 else _PASSED_AFTER
    for distance in range(1, _REACH + 1):
        place = at + step * distance
        if not 0 <= place < len(text) or text[place] == "\n":
            return ""
        if text[place] not in passed:
            return text[place]
    return ""


def mend_brackets(draft: Draft, present: frozenset[str]) -> int:
    """Widen a pair of ( ) that holds or touches Chinese, both together; a mixed pair （…) becomes a pair too."""
    if not present.intersection("()"):
        return 0
    return draft.apply(sorted(_bracket_edits(draft.text)))


_BRACKET: Final = late("[()（）\n]")
_HOLDS_REACH: Final = 500


def _bracket_edits(text: str) -> list[Edit]:
    edits: list[Edit] = []
    open_: list[int] = []
    for match in _BRACKET.finditer(text):
        at = match.start()
        if match[0] == "\n":
            edits += [edit for place in open_ for edit in _widen(text, place)]
            open_.clear()
        elif match[0] in "(（":
            open_.append(at)
        elif open_:
            edits += _widen_pair(text, open_.pop(), at)
        else:
            edits += _widen(text, at)
    return edits + [edit for place in open_ for edit in _widen(text, place)]


def _widen_pair(text: str, start: int, end: int) -> list[Edit]:
    if text[start] + text[end] == "（）":
        return []
    mixed = text[start] == "（" or text[end] == "）"
    holds = _CHINESE.search(text, start + 1, min(end, start + _HOLDS_REACH))
    if not (mixed or holds or _touches(text, start) or _touches(text, end)):
        return []
    pairs = ((start, "（"), (end, "）"))
    return [(place, place + 1, form) for place, form in pairs if text[place] != form]


def _widen(text: str, at: int) -> list[Edit]:
    """Widen a bracket that has lost its partner where it touches Chinese."""
    form = {"(": "（", ")": "）"}.get(text[at])
    return [(at, at + 1, form)] if form and _touches(text, at) else []


def _touches(text: str, at: int) -> bool:
    return any(_CHINESE.match(_neighbour(text, at, step)) for step in (-1, 1))
