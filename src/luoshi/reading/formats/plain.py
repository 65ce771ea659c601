"""Plain text: the text is the decoded file, and every line is a block, unless the lines were cut to a width.

Some programs cut a paragraph into lines of one width (76 columns, say) in the middle of its sentences. The text stays
as it is then, but a block spans all lines of its paragraph. Because a wrong join would glue two paragraphs together and
a missing one only cuts a sentence, lines are joined only where the file as a whole shows the habit.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from luoshi.reading.encoding import Decoded, decode, loss_warnings
from luoshi.reading.errors import TooLargeError
from luoshi.reading.extract import Block, Extract
from luoshi.reading.limits import MAX_CHARACTERS

__all__ = ["Span", "paragraphs", "read", "text_of"]

Span = tuple[int, int]

_MIN_FULL_LINES: Final = 5
_MIN_WIDTH: Final = 40
"""Columns (two for a Chinese character): narrower lines of one length are lists, verses or headings."""

_SLACK: Final = 4
"""Columns that a full line may be short of the width, where a sign may not stand at the end of a line."""

_WIDER: Final = 0.02
"""Share of lines that may stand out from the width."""

_SENTENCE_END: Final = tuple("。！？；：!?;:…")
_CLOSERS: Final = "”’」』）)》】\"' \t　"
_NUMBER: Final = "[一二三四五六七八九十百0-9]+"
_ITEM: Final = re.compile(
    rf"(?:{_NUMBER}(?:[、)）]|[.．](?!\d))|[（(]{_NUMBER}[)）]|第{_NUMBER}[条章节，、]|[①-⑳]|[-*•●■◆—]|附件|抄送)"
)


def read(data: bytes, name: str) -> Extract:  # noqa: ARG001 — every reader takes the name
    """Read a text file; its blocks are its lines or, where those were cut to a width, its paragraphs."""
    decoded = text_of(data)
    blocks = tuple(Block(start, end) for start, end in paragraphs(decoded.text))
    return Extract(decoded.text, "txt", blocks, warnings=loss_warnings(decoded))


def text_of(data: bytes) -> Decoded:
    """Decode a file whose text is the file itself.

    Raises:
        TooLargeError: more characters than `limits.py` allows.
    """
    decoded = decode(data)
    if len(decoded.text) > MAX_CHARACTERS:
        raise TooLargeError(
            f"文件的文字超过{MAX_CHARACTERS}字，请拆成几个文件再读。",
            f"The file holds more than {MAX_CHARACTERS} characters of text; split it into several files.",
        )
    return decoded


def paragraphs(text: str) -> list[Span]:
    """Return where the paragraphs of a plain text stand: lines with a visible character, joined where they were cut."""
    lines = _lines(text)
    printed = [text[start:end].rstrip() for start, end in lines]
    if not _may_be_cut(list(map(len, printed))):
        return lines
    widths = list(map(_columns, printed))
    full = _full_width(text, lines, widths)
    if full is None:
        return lines
    joined = [lines[0]]
    for before, after, width in zip(lines, lines[1:], widths, strict=False):
        if width >= full - _SLACK and _goes_on(text, before, after):
            joined[-1] = (joined[-1][0], after[1])
        else:
            joined.append(after)
    return joined if _reads_well(text, joined) else lines


def _lines(text: str) -> list[Span]:
    """Return the spans of all lines that hold a visible character."""
    spans, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _columns(line: str) -> int:
    """Return the width of a line on a screen where a Chinese character takes two columns."""
    if line.isascii():
        return len(line)
    return sum(map(_WIDTHS.__getitem__, line))


class _Widths(dict[str, int]):
    """Columns of characters, each asked for once."""

    def __missing__(self, character: str) -> int:
        width = self[character] = 2 if unicodedata.east_asian_width(character) in "WFA" else 1
        return width


_WIDTHS: Final = _Widths()


def _may_be_cut(lengths: list[int]) -> bool:
    """Tell by the characters of the lines alone whether :func:`_full_width` may find a width.

    A line has one column a character at least and two at most. So a width, from which nearly no line stands out and
    which half of the lines fill, is at least as wide as nearly all are long, and half are at least half as long.
    """
    if len(lengths) < _MIN_FULL_LINES:
        return False
    lengths = sorted(lengths, reverse=True)
    longest = lengths[int(len(lengths) * _WIDER)]
    return 2 * lengths[(len(lengths) - 1) // 2] >= longest - 2 * _SLACK


def _full_width(text: str, lines: Sequence[Span], widths: Sequence[int]) -> int | None:
    """Return the width that the lines of a file were cut to, None for a file whose lines are its paragraphs.

    Nearly no line is wider, at least half are full, and most full ones stop in mid sentence.
    """
    if len(lines) < _MIN_FULL_LINES or max(widths) < _MIN_WIDTH:
        return None
    width = _usual_width(widths)
    full = [number for number, line_width in enumerate(widths) if line_width >= width - _SLACK]
    wider = sum(1 for line_width in widths if line_width > width + _SLACK)
    if width < _MIN_WIDTH or len(full) < max(_MIN_FULL_LINES, len(lines) / 2) or wider > len(lines) * _WIDER:
        return None
    cut = sum(1 for number in full if not _ends_sentence(text, lines[number]))
    return width if cut >= len(full) * 0.7 else None


def _usual_width(widths: Sequence[int]) -> int:
    """Return the width in whose neighbourhood most lines are; the wider of two that are equally usual."""
    counts = Counter(widths)
    return max(counts, key=lambda width: (sum(counts[width + step] for step in range(-2, 3)), width))


def _goes_on(text: str, before: Span, after: Span) -> bool:
    """Tell whether a line goes on in the next one: no blank line between, no sentence's end, no new item or indent."""
    line = text[slice(*after)]
    return (
        after[0] == before[1] + 1
        and not _ends_sentence(text, before)
        and not line[0].isspace()
        and not _ITEM.match(line)
    )


def _ends_sentence(text: str, line: Span) -> bool:
    return text[slice(*line)].rstrip(_CLOSERS).endswith(_SENTENCE_END)


def _reads_well(text: str, joined: Sequence[Span]) -> bool:
    """Tell whether the paragraphs that were put together mostly end as paragraphs do."""
    long = [span for span in joined if "\n" in text[slice(*span)]]
    return sum(1 for span in long if _ends_sentence(text, span)) >= len(long) * 0.6
