"""Repairs of single characters: codes, invisible and lost characters, pinyin, full-width forms.

Every step takes a draft and the set of characters that stand in it, and returns how many places it found. The set lets
a step that has nothing to do end at once.
"""

from __future__ import annotations

import html
import re
import unicodedata
from html.entities import html5
from typing import Final

from luoshi.reading.late import late
from luoshi.reading.view import Draft

__all__ = ["mend_entities", "mend_invisible", "mend_lookalikes", "mend_lost", "mend_pinyin", "mend_widths"]

LOST: Final = "\ufffd"

_ENTITY: Final = late(r"&(?:amp;){0,3}(?:#\d{1,6};|#[xX][0-9a-fA-F]{1,6};|nbsp(?![a-zA-Z]);?|([a-zA-Z]{2,8}\d?);)")
_LINE_SEPARATORS: Final = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
_INVISIBLE: Final = late(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
_LOOKALIKE: Final = late("[\u2e80-\u2fdf\uf900-\ufaff]")
_RADICALS: Final = dict(
    zip("⺠⻓⻔⻅⻋⻢⻛⻚⻩⻬⻰⻆⻄⻉⻘⻥⻦⼾⻝⻙⻜⻤⻨", "民长门见车马风页黄齐龙角西贝青鱼鸟户食韦飞鬼麦", strict=True)
)
_PRIVATE: Final = late("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_SYMBOL_BULLET: Final = late(r"(?m)^([^\S\n]*)[\uf020-\uf0ff][^\S\n]*(?=[^\s\uf020-\uf0ff])")
_TWICE_DECODED: Final = late("锟斤拷|锟斤(?=\ufffd)|锟(?=\ufffd)")
_HAN: Final = "\u3400-\u4dbf\u4e00-\u9fff"
_QUESTION: Final = late(rf"\?(?<=[{_HAN}]\?)\?{{0,3}}(?=[{_HAN}])")
_ASKS: Final = late(
    r"[吗呢么何哪谁嗎誰孰岂]|几[个人年次天时点]|多少|多大|多远|怎|是否|能否|可否|有没有|有無|没有$|难道|啥|吧$|([\u4e00-\u9fff])[不没沒]\1"
)
_CLAUSE_BREAK: Final = late(r"[，。；！？：,;!?:\n“”\"]")
_ASK_REACH: Final = 40

_FULL_DIGIT: Final = r"\uff10-\uff19"
_FULL_LETTER: Final = r"\uff21-\uff3a\uff41-\uff5a"
_FULL_SIGN: Final = r"\uff03-\uff06\uff0a\uff0b\uff0f\uff1c-\uff1e\uff20"  # number, dollar, percent … at
_WORD: Final = rf"[0-9A-Za-z{_FULL_DIGIT}{_FULL_LETTER}]"
_FULL: Final = late(rf"[{_FULL_DIGIT}{_FULL_LETTER}{_FULL_SIGN}]|[．－](?<={_WORD}.)(?={_WORD})")
_FULL_GROUP: Final = late(rf"，(?<=[{_FULL_DIGIT}]，)(?=[{_FULL_DIGIT}]{{3}}(?![{_FULL_DIGIT}]))")
_FULL_MARKER: Final = late(rf"．(?<=[0-9{_FULL_DIGIT}]．)")
_CLOCK: Final = late(r"：(?<=\d：)(?=[0-5]\d(?!\d))")
_HALF_KATAKANA: Final = late("[｡｢｣､･]")
_HALF_FORMS: Final = dict(zip("｡｢｣､･", "。「」、·", strict=True))


def mend_entities(draft: Draft, present: frozenset[str]) -> int:
    """Read character codes that a web page left behind (&nbsp; &amp; &#160;); a code for a line end becomes a space."""
    return draft.substitute(_ENTITY, _entity) if "&" in present else 0


def _entity(match: re.Match[str]) -> str:
    if match[1] and match[1] + ";" not in html5:
        return match[0]
    code = re.sub("^&(?:amp;)+(?!$)", "&", match[0])
    read = html.unescape(code if code.endswith(";") else code + ";")
    return " " if not read or read.isspace() else read


def mend_invisible(draft: Draft, present: frozenset[str]) -> int:
    """Leave out characters that no reader sees; uncommon line separators become ordinary line ends."""
    if all(character.isprintable() or character in "\n\t\u3000\xa0" for character in present) and not any(
        _INVISIBLE.match(character) for character in present
    ):
        return 0
    return draft.substitute(_INVISIBLE, lambda match: "\n" if match[0] in _LINE_SEPARATORS else "")


def mend_lookalikes(draft: Draft, present: frozenset[str]) -> int:
    """Turn radicals and compatibility characters, which some pdf programs write, into the characters they look like."""
    found = [character for character in present if _LOOKALIKE.match(character)]
    if not found:
        return 0
    forms = {character: _RADICALS.get(character) or unicodedata.normalize("NFKC", character) for character in found}
    return draft.substitute(_LOOKALIKE, lambda match: forms[match[0]])


def mend_lost(draft: Draft, present: frozenset[str]) -> int:
    """Mark characters that an earlier program lost as U+FFFD and return how many marks the text now holds.

    A private-use character at the beginning of a line is a bullet of a symbol font and is left out. A lone ? between
    two Chinese characters is a lost character where its clause asks nothing.
    """
    if any("\uf020" <= character <= "\uf0ff" for character in present):
        draft.substitute(_SYMBOL_BULLET, lambda match: match[1])
    if any(_PRIVATE.match(character) for character in present):
        draft.substitute(_PRIVATE, lambda _: LOST)
    if "锟" in present:
        draft.substitute(_TWICE_DECODED, lambda _: LOST)
    if "?" in present:
        text = draft.text
        draft.substitute(_QUESTION, lambda match: match[0] if _asks(text, match.start()) else LOST * len(match[0]))
    return draft.text.count(LOST)


def _asks(text: str, position: int) -> bool:
    """Tell whether the clause before a question mark is a question."""
    clause = _CLAUSE_BREAK.split(text[max(0, position - _ASK_REACH) : position])[-1]
    return _ASKS.search(clause) is not None


def mend_widths(draft: Draft, present: frozenset[str]) -> int:
    """Narrow full-width digits, letters, ％ and their like; numbers and times of day get half-width marks inside."""
    count = 0
    if any("\uff03" <= character <= "\uff5a" for character in present):
        count += draft.substitute(_FULL_GROUP, lambda _: ",")
        count += draft.substitute(_FULL, lambda match: chr(ord(match[0]) - 0xFEE0))
        count += draft.substitute(_FULL_MARKER, lambda _: ".")
        count += draft.substitute(_CLOCK, lambda _: ":")
    if any(character in _HALF_FORMS for character in present):
        count += draft.substitute(_HALF_KATAKANA, lambda match: _HALF_FORMS[match[0]])
    return count


_TONED: Final = "āáǎàăēéěèĕīíǐìĭōóǒòŏūúǔùŭǖǘǚǜńňǹḿ"
_TONE_MARKS: Final = "\u0300\u0301\u0304\u0306\u030c"
_LETTER: Final = f"a-zA-ZüÜê\u0261\u0251{_TONED}{_TONED.upper()}\u0300-\u030c"
_GLOSS: Final = late(
    rf"[(（](?<=[{_HAN}{LOST}].)[ \xa0]?([{_LETTER}]{{1,24}}(?:[ '’·]?[{_LETTER}]{{1,7}}){{0,5}})[ \xa0]?[)）]"
)
_BROKEN_GLOSS: Final = late(rf"\?(?<=[{_HAN}{LOST}].)([{_LETTER}]{{1,6}})[)）]")
_SYLLABLE: Final = late(
    "(?:[bpmfdtnlgkhjqxzcsryw]|zh|ch|sh)?"
    "(?:iang|iong|uang|ueng|iao|ian|ing|uai|uan|ang|eng|ong|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua|uo|ui|un|ue|ve|van|vn|a|o|e|i|u|v)"
    "|m|n|ng|hm|hng"
)
_SYLLABLES: Final = late(rf"(?:{_SYLLABLE.pattern}){{1,8}}")
_ENOUGH_TONED: Final = 3


def mend_pinyin(draft: Draft, present: frozenset[str]) -> int:
    """Leave out pinyin in brackets behind the character it reads: 局（jú）.

    Pinyin with a tone mark is certain. Without one it goes only in a text that holds several with, and only as one
    syllable of two letters or more: (a), (xx), (km) and (PPT) stay.
    """
    if not present & _TONE_LETTERS:
        return 0
    toned = sum(_is_toned(match[1]) for match in _GLOSS.finditer(draft.text))
    count = draft.substitute(_BROKEN_GLOSS, lambda match: LOST if _is_toned(match[1]) else match[0])
    return count + draft.substitute(_GLOSS, lambda match: "" if _is_pinyin(match[1], toned) else match[0])


_TONE_LETTERS: Final = frozenset(_TONED + _TONED.upper() + _TONE_MARKS)


def _is_pinyin(inner: str, toned: int) -> bool:
    if _is_toned(inner):
        return True
    return (
        toned >= _ENOUGH_TONED and len(inner) > 1 and inner.islower() and _SYLLABLE.fullmatch(_plain(inner)) is not None
    )


def _is_toned(inner: str) -> bool:
    return bool(_TONE_LETTERS.intersection(inner)) and _SYLLABLES.fullmatch(_plain(inner)) is not None


def _plain(inner: str) -> str:
    """Return pinyin in plain lower-case letters, ü as v, without tone marks and separators."""
    decomposed = unicodedata.normalize("NFD", inner.lower().replace("\u0261", "g").replace("\u0251", "a"))
    joined = re.sub(rf"[{_TONE_MARKS} '’·]", "", decomposed)
    return joined.replace("u\u0308", "v").replace("e\u0302", "e")
