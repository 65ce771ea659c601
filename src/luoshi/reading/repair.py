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
    (mend_entities, "web character codes", Words("网页字符代码已还原", "web character codes were read")),
    (mend_invisible, "invisible characters", Words("不可见字符已略去", "invisible characters were left out")),
    (mend_lookalikes, "look-alike characters", Words("形近的部首已还原为汉字", "radicals were read as characters")),
    (mend_lost, "lost characters", Words("有的字已丢失，请对照原件", "characters are lost, compare the original")),
    (mend_widths, "full-width letters and digits", Words("全角数字、字母已改半角", "full-width forms were narrowed")),
    (mend_pinyin, "inserted pinyin", Words("夹在文中的拼音已略去", "inserted pinyin was left out")),
    (mend_traditional, "traditional to simplified", Words("繁体字已转为简体字", "traditional became simplified")),
    (mend_years, "zeros in years", Words("年份中的“〇”已统一", "zeros in years were unified")),
    (mend_number_brackets, "brackets of document numbers", Words("文号括号已统一", "number brackets were unified")),
    (mend_points, "half-width punctuation", Words("中文标点已统一为全角", "Chinese punctuation was widened")),
    (mend_brackets, "half-width brackets", Words("中文括号已统一为全角", "Chinese brackets were widened")),
    (mend_spaces, "stray spaces", Words("多余的空格已略去", "stray spaces were left out")),
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
