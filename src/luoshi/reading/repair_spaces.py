"""Repairs of spaces: those that a layout or a converter left inside Chinese words go, those that part two things stay.

A space is layout where it stands beside Chinese punctuation, between a figure and its unit (5 月24 日), between single
characters (同 志 们), or within a running sentence. It parts two things in a title or a list of names (省长 王凯), in
front of which nothing can be known; there one space stays. Tabs part the cells of a table and stay, but for one behind
a list marker. White space at both ends of a line is nobody's concern and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from luoshi.reading.late import late
from luoshi.reading.view import Draft, Edit

__all__ = ["mend_spaces"]

_SPACE: Final = " \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\ufffd〇"
_MARKS: Final = "\u3001\u3002\u3008-\u3011\u3014-\u301b\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f“”‘’…—"
_RUN: Final = late(rf"[{_SPACE}\t](?<=\S.)[{_SPACE}\t]*(?=\S)")
_IS_HAN: Final = late(f"[{_HAN}]")
_IS_MARK: Final = late(f"[{_MARKS}]")
_RUNNING: Final = late("[，。；,;]")
_UNIT: Final = late("[年月日号时分秒期届个名万亿元项条次家位所人级类种天周岁章节版页本批轮%‰℃]")
_SERIAL: Final = late(r"\d{1,2}(?:\.\d{1,2}){0,3}")
_NUMERAL: Final = "[一二三四五六七八九十]{1,3}"
_MARKER: Final = late(
    rf"{_NUMERAL}[、.]|[（(](?:{_NUMERAL}|\d{{1,3}})[）)]|\d{{1,2}}[、.]|第{_NUMERAL}[章节条部分]{{1,2}}"
)
_BODY_END: Final = late("[局委办厅处科室部院校会组队园站所府心司]")
_NAMES: Final = late(r"(?:单位|部门|领导|组长|人|人员|者|名单|科室|处室|成员)[：:][^，。；！？，,;\n]{0,40}$")
_BLANKS: Final = late(f"[{_SPACE}]+")
_INDENT: Final = late(r"\s*")
_SPELT: Final = late(rf"(?<![{_HAN}])[{_HAN}](?:[{_SPACE}]+[{_HAN}])+(?![{_HAN}])")
_SPELT_YEAR: Final = late(rf"[12](?:[{_SPACE}]\d){{3}}(?=[{_SPACE}]?年)")
_FIGURE: Final = late(rf"(?!\d{{4}}年)[\d.,]+[{_SPACE}]?{_UNIT.pattern}")
_WIDE: Final = 3
"""So many spaces and more are set by a person to part two things."""
_SERIAL_REACH: Final = 20
_NAMES_REACH: Final = 48


def mend_spaces(draft: Draft, present: frozenset[str]) -> int:
    """Leave out stray spaces inside Chinese; special spaces that stay become ordinary ones."""
    if not present.intersection(" \t\xa0\u1680\u202f\u205f\u3000") and not any(
        "\u2000" <= c <= "\u200a" for c in present
    ):
        return 0
    edits: list[Edit] = []
    text, at = draft.text, 0
    for line in text.split("\n"):
        if _RUN.search(line):
            edits += [(at + start, at + end, new) for start, end, new in _line_edits(line)]
        at += len(line) + 1
    return draft.apply(edits)


class _Line:
    """A line, and what is true of all spaces in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.running = _RUNNING.search(text) is not None
        marker = _MARKER.match(text, _INDENT.match(text).end())  # type: ignore[union-attr]  # it matches nothing, too
        self.marker_end = marker.end() if marker else -1


def _line_edits(text: str) -> Iterator[Edit]:
    line = _Line(text)
    spelt = {
        place: gap for word in (_SPELT, _SPELT_YEAR) for found in word.finditer(text) for place, gap in _gaps(found)
    }
    for match in _RUN.finditer(text):
        if match.start() == line.marker_end and not text[match.end()].isdigit():
            new = ""
        elif "\t" in match[0]:
            continue
        elif match.start() in spelt:
            new = spelt[match.start()]
        else:
            new = _instead(line, match)
        if new != match[0]:
            yield match.start(), match.end(), new


def _gaps(word: re.Match[str]) -> Iterator[tuple[int, str]]:
    """Yield what stands in place of the gaps of a spelt-out word; wider gaps than the narrowest part two words."""
    gaps = [match.span() for match in _BLANKS.finditer(word.string, word.start(), word.end())]
    narrow = min(end - start for start, end in gaps)
    for start, end in gaps:
        yield start, "" if end - start <= narrow else " "


def _instead(line: _Line, match: re.Match[str]) -> str:
    """Return what stands in place of one run of spaces."""
    before, after, wide = line.text[match.start() - 1], line.text[match.end()], len(match[0]) >= _WIDE
    if _IS_MARK.match(before) or _IS_MARK.match(after):
        stray = not wide or _RUNNING.match(before) is not None
    elif wide:
        stray = False
    elif before.isdigit():
        stray = _figure_and_unit(line, match)
    elif before in "%‰℃":
        stray = _IS_HAN.match(after) is not None
    elif not _IS_HAN.match(before):
        stray = False
    elif after.isdigit():
        stray = line.running or before in "年月日号期届第" or _FIGURE.match(line.text, match.end()) is not None
    else:
        stray = _IS_HAN.match(after) is not None and line.running and not _parts_names(line.text, match)
    return "" if stray else " "


def _figure_and_unit(line: _Line, match: re.Match[str]) -> bool:
    """Tell whether a space parts a figure from its unit; behind a serial number it parts that from its title."""
    after = line.text[match.end()]
    if match.start() < _SERIAL_REACH and _SERIAL.fullmatch(line.text[: match.start()].strip()):
        return after in "年月日号期届" and not line.text.startswith(("月度", "日常", "年度", "期末"), match.end())
    return _UNIT.match(after) is not None or (line.running and _IS_HAN.match(after) is not None)


def _parts_names(text: str, match: re.Match[str]) -> bool:
    """Tell whether a space in a running sentence parts two names of a list."""
    if _BODY_END.match(text[match.start() - 1]):
        return True
    return _NAMES.search(text[max(0, match.start() - _NAMES_REACH) : match.start()]) is not None
