"""Bytes to characters, for files that do not say reliably which encoding they are in.

The order of belief: a byte-order mark; bytes that are valid UTF-8; 16 and 32 bit units told by their NUL bytes; then
the Chinese encodings (GB18030 with GBK and GB2312 in it, Big5 with HKSCS, HZ), of which the one that yields the most
everyday characters wins, with a small advantage for the encoding that the file declares. Only where none of them gives
Chinese is `charset-normalizer` asked.

From here on "the decoded file" means: no byte-order mark, every line end (CR LF, CR, and the vertical tab and form feed
that print as one) is one LF, no DOS end mark (0x1A). Nothing else is left out: what cannot be decoded, and every other
control character, is U+FFFD in its place and counted in :attr:`Decoded.lost`.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Final

from luoshi.reading.errors import TooLargeError, UnknownFormatError
from luoshi.reading.limits import MAX_CHARACTERS
from luoshi.words import Words

__all__ = ["MAX_BYTES", "Decoded", "codec_named", "decode", "head_as_ascii", "is_text", "loss_warnings", "printable"]

MAX_BYTES: Final = 8 * MAX_CHARACTERS
"""Bytes that are decoded at all: a character takes four at most, mark-up as much again."""

_SAMPLE: Final = 65_536
"""Bytes that candidates are compared on."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)

# Names that files give to an encoding, to the codec that reads all of what such files really hold.
_NAMES: Final = {
    **dict.fromkeys(
        ("gb2312", "gb231280", "gbk", "xgbk", "cp936", "ms936", "windows936", "euccn", "gb18030"), "gb18030"
    ),
    **dict.fromkeys(("big5", "xbig5", "big5hkscs", "cnbig5", "big5eten"), "big5hkscs"),
    **dict.fromkeys(("cp950", "ms950", "windows950"), "cp950"),
    **dict.fromkeys(("hz", "hzgb", "hzgb2312"), "hz"),
    **dict.fromkeys(("utf8", "utf8mb4", "usascii", "ascii", "65001", "cp65001"), "utf-8"),
    **dict.fromkeys(("utf16", "utf16le", "unicode", "ucs2"), "utf-16-le"),
    "utf16be": "utf-16-be",
    **dict.fromkeys(("utf32", "utf32le"), "utf-32-le"),
    "utf32be": "utf-32-be",
    **dict.fromkeys(("shiftjis", "sjis", "windows31j", "cp932"), "cp932"),
    "eucjp": "euc_jp",
    **dict.fromkeys(("euckr", "ksc56011987", "cp949", "windows949"), "cp949"),
    **dict.fromkeys(("iso88591", "latin1", "windows1252", "cp1252"), "cp1252"),
}

# Every byte string is valid in it, so its name on a page proves nothing.
_WEAK: Final = frozenset({"cp1252", "utf-16-le", "utf-16-be"})

_LINE_END: Final = re.compile(r"\r\n|[\r\v\f]")
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff]")
_LOST: Final = re.compile("[\ue000-\uf8ff\ufffd]")
_THREE_BYTES: Final = re.compile(rb"[\xe0-\xef]")
_HZ: Final = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e])+~\}")
_SIGNS: Final = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…·～％．　〇○●★◆■□※→"
    "①②③④⑤⑥⑦⑧⑨⑩０１２３４５６７８９āáǎàēéěèīíǐìōóǒòūúǔù"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text file as characters.

    `encoding` is the codec that was used. `lost` counts the places where a character is missing: U+FFFD, put there by
    this decoding or found in the file, and private-use characters, which an earlier conversion left behind.
    """

    text: str
    encoding: str
    lost: int


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a whole text file; `declared` is the encoding that the file or its envelope names, if any.

    Raises:
        TooLargeError: more than :data:`MAX_BYTES`.
        UnknownFormatError: the bytes are no text in any known encoding.
    """
    if len(data) > MAX_BYTES:
        raise TooLargeError(
            f"文件的文字部分超过{MAX_BYTES // 1_000_000}MB，请拆成几个文件再读。",
            f"The text of this file takes more than {MAX_BYTES // 1_000_000} MB; split it into several files.",
        )
    data, encoding = _choose(data, codec_named(declared))
    raw = data.decode(encoding, "replace")
    if _is_binary(raw):
        raise UnknownFormatError(
            "这不是文本文件，请用原来的软件打开，另存为 docx、pdf 或 txt 后再读。",
            "This is not a text file; open it in the program it came from and save it as docx, pdf or txt.",
        )
    text = printable(raw.removeprefix("\ufeff").rstrip("\x1a"))
    return Decoded(text, encoding, _count(_LOST, text))


def is_text(data: bytes) -> bool:
    """Tell by the first bytes whether a file is text in a known encoding."""
    return head_as_ascii(data, 0) is not None


def head_as_ascii(data: bytes, size: int) -> bytes | None:
    """Return the beginning of a text file with one byte a character, `?` for those beyond ASCII; None for no text.

    `size` bytes of the file are enough to know mark-up by; whether it is text, more of them decide.
    """
    head, encoding = _choose(data[:_SAMPLE], None, cut=len(data) > _SAMPLE)
    text = _partial(head, encoding)
    return None if _is_binary(text) else text[:size].encode("ascii", "replace")


def codec_named(label: str | None) -> str | None:
    """Return the codec for the name that a file gives its encoding, None for a name that is not believed."""
    return _NAMES.get(re.sub(r"[^a-z0-9]", "", label.lower())) if label else None


def loss_warnings(decoded: Decoded) -> tuple[Words, ...]:
    """Return what the reader must be told when characters are missing."""
    if not decoded.lost:
        return ()
    return (
        Words(
            f"有{decoded.lost}处字符无法识别或已损坏，请对照原件检查。",
            f"{decoded.lost} characters could not be read or were already damaged; check them against the original.",
        ),
    )


def printable(raw: str) -> str:
    """Return characters with every line end as LF and unprintable ones as U+FFFD."""
    if any(mark in raw for mark in "\r\v\f"):
        raw = _LINE_END.sub("\n", raw)
    return _CONTROL.sub("\ufffd", raw) if _CONTROL.search(raw) else raw


def _is_binary(raw: str) -> bool:
    """Tell whether so many characters are unprintable that nobody wrote them."""
    body = raw.rstrip("\x00\x1a")
    if len(raw) > 2 * len(body):  # some programs fill up a text with zeros, but not with more zeros than text
        return True
    controls = _count(_CONTROL, body)
    return controls > max(1, len(body) * 0.02) or controls + body.count("\ufffd") > max(2, len(body) * 0.2)


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _choose(data: bytes, declared: str | None, *, cut: bool = False) -> tuple[bytes, str]:
    """Return the bytes without their mark, and the codec to read them with.

    `cut` says that the file goes on behind the bytes, so that the last character may not be whole.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark) and not (encoding == "utf-32-le" and not _strict(data[4:], encoding)):
            return data[len(mark) :], encoding
    sample = data[:_SAMPLE]
    utf8 = _is_utf8(data, cut=cut)
    plain = b"\x00" not in sample and (utf8 or _is_utf8(sample, cut=cut or len(data) > _SAMPLE))
    wide = None if plain else _wide(sample)
    if wide is not None:
        return data, wide
    if utf8:
        return data, "hz" if _is_hz(sample, data) else _utf8_or(declared, data)
    return data, _chinese(data, declared)


def _is_utf8(data: bytes, *, cut: bool) -> bool:
    try:
        codecs.utf_8_decode(data, "strict", not cut)
    except UnicodeDecodeError:
        return False
    return True


def _strict(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_hz(sample: bytes, data: bytes) -> bool:
    """Tell whether seven-bit bytes are Chinese between `~{` and `~}`."""
    return data.isascii() and _HZ.search(data) is not None and _strict(data, "hz") and _score(sample, "hz") > 0.5


def _utf8_or(declared: str | None, data: bytes) -> str:
    """Believe another encoding against valid UTF-8 only where a short text reads far better in it.

    A few GBK words (职业学院) happen to be valid UTF-8 of two bytes a character; Chinese in UTF-8 takes three.
    """
    other = declared if declared is not None and declared not in _WEAK else "gb18030"
    if data.isascii() or len(data) > 400 or _THREE_BYTES.search(data) or not _strict(data, other):
        return "utf-8"
    return other if _score(data, other) > max(0.6, _score(data, "utf-8")) else "utf-8"


def _wide(sample: bytes) -> str | None:
    """Return the codec of 16 or 32 bit text without a mark, None where the bytes are no such text."""
    if b"\x00" in sample:
        names = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
        best = max(names, key=lambda name: _readable(sample, name))
        return best if _readable(sample, best) > 0.7 else None
    if len(sample) % 2 or len(sample) < 12:
        return None
    best = max(("utf-16-le", "utf-16-be"), key=lambda name: _score(sample, name))
    return best if _score(sample, best) > max(0.7, _score(sample, "gb18030"), _score(sample, "big5hkscs")) else None


def _readable(sample: bytes, encoding: str) -> float:
    """Return the share of characters that are everyday ones or printable ASCII."""
    counts = Counter(_partial(sample, encoding))
    everyday = _everyday(encoding)
    good = sum(count for c, count in counts.items() if c in everyday or " " <= c <= "~" or c in "\t\r\n")
    return good / max(1, counts.total())


def _chinese(data: bytes, declared: str | None) -> str:
    """Return the codec of eight-bit text that is not (wholly) valid UTF-8."""
    sample = _high(data)
    candidates = dict.fromkeys(("utf-8", "gb18030", "big5hkscs", "cp950"))
    if declared is not None and declared not in _WEAK:
        candidates = {declared: None, **candidates}
    scores = {name: _score(sample, name) + (0.1 if name == declared else 0) for name in candidates}
    best = max(scores, key=scores.__getitem__)
    if scores[best] > 0.3:
        return best
    return _judged(sample) or (declared if declared == "cp1252" else best)


def _high(data: bytes) -> bytes:
    """Return a sample that begins where the first bytes beyond ASCII stand."""
    first = re.search(rb"[\x80-\xff]", data)
    start = first.start() if first else 0
    return data[start : start + _SAMPLE]


def _judged(sample: bytes) -> str | None:
    """Ask charset-normalizer; its answer counts where it is an eight-bit encoding on our list."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 — heavy, and hardly any file needs it

    best = from_bytes(sample[:8192]).best()
    encoding = codec_named(best.encoding) if best is not None else None
    return None if encoding is None or encoding.startswith("utf") else encoding


def _score(sample: bytes, encoding: str) -> float:
    """Return the share of everyday characters among those beyond ASCII; every undecodable place weighs against it.

    Traditional characters in GB18030 count half: they are possible there, and usual in Big5.
    """
    counts = Counter(_partial(sample, encoding))
    everyday = _everyday(encoding)
    points: float = -2 * counts["\ufffd"]
    size = 0
    for character, count in counts.items():
        if character > "~":
            size += count
            if character in everyday:
                points += count
            elif encoding == "gb18030" and character in _everyday("big5hkscs"):
                points += 0.5 * count
    return points / max(1, size)


def _partial(sample: bytes, encoding: str) -> str:
    """Decode a sample whose last character may be cut."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)


@cache
def _everyday(encoding: str) -> frozenset[str]:
    """Return the characters that fill nearly all of a text in an encoding: punctuation and the first level of hanzi."""
    if encoding in {"gb18030", "hz"}:
        return _SIGNS | _plane(range(0xB0, 0xD8), "gb2312")
    if encoding in {"big5hkscs", "cp950"}:
        return _SIGNS | _plane(range(0xA4, 0xC7), "big5")
    return _everyday("gb18030") | _everyday("big5hkscs")


@cache
def _plane(leads: range, encoding: str) -> frozenset[str]:
    """Return the characters of some rows of an encoding, without kana."""
    # each pair of bytes on a line of its own, so that an empty place takes no other along
    pairs = b"\n".join(bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    characters = pairs.decode(encoding, "ignore")
    return frozenset(c for c in set(characters) if c > "~" and not "\u3040" <= c <= "\u30ff")
