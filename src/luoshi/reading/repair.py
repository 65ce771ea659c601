"""What is mended in a text before anything reads it, and how each mended character points back to the original.

Nothing is invented: a character that an earlier program lost stays visible as U+FFFD. Every kind of mending is counted
and named, so that a reader can be told. Line ends are left where they are.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from luoshi.reading.extract import Repair
from luoshi.reading.repair_letters import (
    mend_entities,
    mend_invisible,
    mend_lookalikes,
    mend_lost,
    mend_pinyin,
    mend_widths,
)
from luoshi.reading.repair_marks import mend_brackets, mend_number_brackets, mend_points, mend_years
from luoshi.reading.repair_spaces import mend_spaces
from luoshi.reading.repair_traditional import mend_traditional
from luoshi.reading.view import Draft, View
from luoshi.words import Words

__all__ = ["View", "repair"]

_STEPS: Final = (
    (mend_entities, "web character codes", Words("还原网页字符代码", "web character codes were read")),
    (mend_invisible, "invisible characters", Words("去掉不可见字符", "invisible characters were left out")),
    (mend_lookalikes, "look-alike characters", Words("还原形近的部首字", "radicals were read as characters")),
    (mend_lost, "lost characters", Words("标出丢失的字", "lost characters were marked")),
    (mend_widths, "full-width letters and digits", Words("统一全角数字和字母", "full-width forms were narrowed")),
    (mend_pinyin, "inserted pinyin", Words("去掉夹在文中的拼音", "inserted pinyin was left out")),
    (mend_traditional, "traditional to simplified", Words("繁体转为简体", "traditional became simplified")),
    (mend_years, "zeros in years", Words("统一年份中的“〇”", "zeros in years were unified")),
    (mend_number_brackets, "brackets of document numbers", Words("统一文号括号", "number brackets were unified")),
    (mend_points, "half-width punctuation", Words("统一中文标点", "Chinese punctuation was unified")),
    (mend_brackets, "half-width brackets", Words("统一中文括号", "Chinese brackets were unified")),
    (mend_spaces, "stray spaces", Words("去掉多余空格", "stray spaces were left out")),
)
_ROUNDS: Final = 8
"""One repair can bring another to light (a code that spells a bracket); this many rounds settle every real text."""


def repair(text: str) -> tuple[View, tuple[Repair, ...]]:
    """Return the repaired view of a text and what was done to it, each kind once with its count.

    Lost characters are counted although they stay: they are what a person has to look up.
    """
    draft = Draft(text)
    counts: Counter[str] = Counter()
    for _ in range(_ROUNDS):
        before = draft.text
        present = frozenset(before)
        for step, name, _words in _STEPS:
            found = step(draft, present)
            counts[name] = found if step is mend_lost else counts[name] + found
        if draft.text == before:
            break
    repairs = tuple(Repair(name, counts[name], words) for _, name, words in _STEPS if counts[name])
    return draft.view(), repairs
