"""Repairs of spaces: those that a layout or a converter left inside Chinese words go, those that part two things stay.

A space is layout where it stands beside Chinese punctuation, between a figure and its unit (5 月24 日), between single
characters (同 志 们), or within a running sentence. It parts two things in a title or a list of names (省长 王凯), in
front of which nothing can be known; there one space stays. Tabs part the cells of a table and stay, but for one behind
a list marker. White space at both ends of a line is nobody's concern and stays as it is.
"""

from __future__ import annotations

import re
from typing import Final

from luoshi.reading.view import Draft, Edit

__all__ = ["mend_spaces"]

_SPACE: Final = " \xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff\ufffd〇"
_MARKS: Final = "\u3001\u3002\u3008-\u3011\u3014-\u301b\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f“”‘’…—"
_RUN: Final = re.compile(rf"(?<=[^\s])[{_SPACE}\t]+(?=[^\s])")
_IS_HAN: Final = re.compile(f"[{_HAN}]")
_IS_MARK: Final = re.compile(f"[{_MARKS}]")
_RUNNING: Final = re.compile("[，。；,;]")
_UNIT: Final = re.compile("[年月日号时分秒期届个名万亿元项条次家位所人级类种天周岁章节版页本批轮%‰℃]")
_DATE_UNIT: Final = re.compile("[年月日号期届]")
_SERIAL: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}")
_MARKER: Final = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.]|第[一二三四五六七八九十]{1,3}[章节条部分]{1,2})"
)
_BODY_END: Final = re.compile("[局委办厅处科室部院校会组队园站所府心司]")
_NAMES: Final = re.compile(r"(?:单位|部门|领导|组长|人|人员|者|名单|科室|处室|成员)[：:][^，。；！？，,;\n]{0,40}$")
_SPELT: Final = re.compile(rf"(?<![{_HAN}])[{_HAN}](?:[{_SPACE}]+[{_HAN}])+(?![{_HAN}])")
_WIDE: Final = 3
"""So many spaces and more are set by a person to part two things."""


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


def _line_edits(line: str) -> list[Edit]:
    spelt = [match.span() for match in _SPELT.finditer(line)]
    running = _RUNNING.search(line) is not None
    edits: list[Edit] = []
    for match in _RUN.finditer(line):
        while spelt and spelt[0][1] <= match.start():
            spelt.pop(0)
        inside = bool(spelt) and spelt[0][0] < match.start()
        new = "" if inside and "\t" not in match[0] else _instead(line, match, running)
        if new != match[0]:
            edits.append((match.start(), match.end(), new))
    return edits


def _instead(line: str, match: re.Match[str], running: bool) -> str:
    """Return what stands in place of one run of spaces."""
    before, after, run = line[match.start() - 1], line[match.end()], match[0]
    if _follows_marker(line, match):
        return ""
    if "\t" in run:
        return run
    if _IS_MARK.match(before) or _IS_MARK.match(after):
        return " " if len(run) >= _WIDE and not _RUNNING.match(before) else ""
    if before.isdigit() and _is_han_or_percent(after):
        return "" if _figure_and_unit(line, match, after) else " "
    if _IS_HAN.match(before) and after.isdigit():
        return "" if len(run) < _WIDE and (running or _DATE_UNIT.match(before) or before == "第") else " "
    if _IS_HAN.match(before) and _IS_HAN.match(after) and running and len(run) < _WIDE:
        return " " if _parts_names(line, match) else ""
    return " "


def _is_han_or_percent(character: str) -> bool:
    return character in "%‰℃" or _IS_HAN.match(character) is not None


def _follows_marker(line: str, match: re.Match[str]) -> bool:
    marker = _MARKER.match(line.lstrip(), 0, 12)
    return marker is not None and len(line) - len(line.lstrip()) + marker.end() == match.start()


def _figure_and_unit(line: str, match: re.Match[str], after: str) -> bool:
    """Tell whether a space parts a figure from its unit; behind a serial number at the beginning of a line it does not."""
    if len(match[0]) >= _WIDE:
        return False
    if _SERIAL.fullmatch(line[: match.start()].strip()):
        return _DATE_UNIT.match(after) is not None and not line[match.end() :].startswith(
            ("月度", "日常", "年度", "期末")
        )
    return _UNIT.match(after) is not None or _RUNNING.search(line) is not None


def _parts_names(line: str, match: re.Match[str]) -> bool:
    """Tell whether a space in a running sentence parts two names of a list."""
    if _BODY_END.match(line[match.start() - 1]):
        return True
    return _NAMES.search(line, max(0, match.start() - 44), match.start()) is not None
