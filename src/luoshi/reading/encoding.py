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
from collections.abc import Iterator
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
    return Decoded(text, encoding, sum(1 for _ in _LOST.finditer(text)))


def is_text(data: bytes) -> bool:
    """Tell by the first bytes whether a file is text in a known encoding."""
    head, encoding = _choose(data[:_SAMPLE], None)
    return not _is_binary(_partial(head, encoding))


def head_as_ascii(head: bytes) -> bytes:
    """Return the first bytes with one byte a character, `?` for those beyond ASCII: enough to know mark-up by."""
    head, encoding = _choose(head, None)
    return _partial(head, encoding).encode("ascii", "replace")


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
    return _CONTROL.sub("\ufffd", _LINE_END.sub("\n", raw))


def _is_binary(raw: str) -> bool:
    """Tell whether so many characters are unprintable that nobody wrote them."""
    body = raw.rstrip("\x00\x1a")
    if len(raw) > 2 * len(body):  # some programs fill up a text with zeros, but not with more zeros than text
        return True
    controls = sum(1 for _ in _CONTROL.finditer(body))
    return controls > max(1, len(body) * 0.02) or controls + body.count("\ufffd") > max(2, len(body) * 0.2)


def _choose(data: bytes, declared: str | None) -> tuple[bytes, str]:
    """Return the bytes without their mark, and the codec to read them with."""
    for mark, encoding in _BOMS:
        if data.startswith(mark) and not (encoding == "utf-32-le" and not _strict(data[4:], encoding)):
            return data[len(mark) :], encoding
    sample = data[:_SAMPLE]
    wide = _wide(sample)
    if wide is not None:
        return data, wide
    if _strict(data, "utf-8"):
        return data, "hz" if _is_hz(sample, data) else _utf8_or(declared, data)
    return data, _chinese(data, declared)


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
    if len(sample) % 2 or len(sample) < 12 or _strict(sample, "utf-8"):
        return None
    best = max(("utf-16-le", "utf-16-be"), key=lambda name: _score(sample, name))
    return best if _score(sample, best) > max(0.7, _score(sample, "gb18030"), _score(sample, "big5hkscs")) else None


def _readable(sample: bytes, encoding: str) -> float:
    """Return the share of characters that are everyday ones or printable ASCII."""
    text = _partial(sample, encoding)
    everyday = _everyday(encoding)
    good = sum(1 for c in text if c in everyday or " " <= c <= "~" or c in "\t\r\n")
    return good / max(1, len(text))


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
    beyond = [c for c in _partial(sample, encoding) if c > "~"]
    everyday = _everyday(encoding)
    points: float = sum(1 for c in beyond if c in everyday) - 2 * beyond.count("\ufffd")
    if encoding == "gb18030":
        traditional = _everyday("big5hkscs") - everyday
        points += 0.5 * sum(1 for c in beyond if c in traditional)
    return points / max(1, len(beyond))


def _partial(sample: bytes, encoding: str) -> str:
    """Decode a sample whose last character may be cut."""
    return codecs.getincrementaldecoder(encoding)("replace").decode(sample)


@cache
def _everyday(encoding: str) -> frozenset[str]:
    """Return the characters that fill nearly all of a text in an encoding: punctuation and the first level of hanzi."""
    simplified = _SIGNS.union(_plane(range(0xB0, 0xD8), "gb2312"))
    traditional = _SIGNS.union(_plane(range(0xA4, 0xC7), "big5"))
    if encoding.startswith("big5") or encoding == "cp950":
        return traditional
    return simplified if encoding in {"gb18030", "hz"} else simplified | traditional


def _plane(leads: range, encoding: str) -> Iterator[str]:
    for lead in leads:
        for trail in range(0x40, 0xFF):
            character = bytes((lead, trail)).decode(encoding, "ignore")
            if character > "~" and not "\u3040" <= character <= "\u30ff":  # no kana
                yield character
