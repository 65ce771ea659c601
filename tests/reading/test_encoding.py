from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading import TooLargeError, UnknownFormatError
from luoshi.reading.encoding import MAX_BYTES, Decoded, codec_named, decode, is_text, loss_warnings

SPEECH = "同志们：\n今年要把校园安全放在首位，各学校每月排查一次隐患，6月底前完成整改，由青禾县教育局督查。\n"
TRADITIONAL = "各位同仁：\n今年要把校園安全放在首位，各學校每月排查一次隱患，六月底前完成整改，由雲嶺市教育局督導。\n"


@pytest.mark.parametrize(
    ("codec", "expected"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("utf-32-le", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
        ("hz", "hz"),
    ],
)
def test_speech_in_every_encoding_is_decoded_exactly(codec: str, expected: str) -> None:
    assert decode(SPEECH.encode(codec)) == Decoded(SPEECH, expected, 0)


@pytest.mark.parametrize("codec", ["big5", "big5hkscs", "cp950"])
def test_traditional_speech_in_big5_is_decoded_exactly(codec: str) -> None:
    assert decode(TRADITIONAL.encode(codec)) == Decoded(TRADITIONAL, "big5hkscs", 0)


def test_traditional_speech_in_gb18030_is_not_taken_for_big5() -> None:
    assert decode(TRADITIONAL.encode("gb18030")) == Decoded(TRADITIONAL, "gb18030", 0)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE, b"\x84\x31\x95\x33"])
def test_byte_order_mark_is_no_character_of_the_text(mark: bytes) -> None:
    codec = {2: "utf-16-be", 4: "utf-32-be"}[len(mark)] if mark[0] != 0x84 else "gb18030"

    assert decode(mark + SPEECH.encode(codec)) == Decoded(SPEECH, codec, 0)


def test_rare_characters_of_gb18030_survive_a_declared_gb2312() -> None:
    text = "云岭市䶮家镇中心小学\u3400"

    assert decode(text.encode("gb18030"), "gb2312").text == text


def test_word_that_is_valid_utf8_by_chance_is_read_as_gbk() -> None:
    assert decode("职业学院".encode("gbk")).text == "职业学院"


def test_single_byte_declaration_does_not_win_over_chinese() -> None:
    assert decode(SPEECH.encode("gbk"), "iso-8859-1") == Decoded(SPEECH, "gb18030", 0)


def test_wrong_declaration_does_not_win_over_valid_utf8() -> None:
    assert decode(SPEECH.encode("utf-8"), "gb2312") == Decoded(SPEECH, "utf-8", 0)


def test_declared_japanese_is_read_as_declared() -> None:
    text = "こちらは学校の安全についてのお知らせです。カタカナもあります。"

    assert decode(text.encode("shift_jis"), "Shift_JIS") == Decoded(text, "cp932", 0)


def test_line_ends_become_line_feeds() -> None:
    assert decode("一\r\n二\r三\n四\x0c五\x1a".encode()) == Decoded("一\n二\n三\n四\n五", "utf-8", 0)


@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_broken_byte_is_marked_and_counted_not_dropped(codec: str) -> None:
    data = SPEECH.encode(codec) + b"\xff" + SPEECH.encode(codec)

    assert decode(data) == Decoded(f"{SPEECH}\ufffd{SPEECH}", codec, 1)


def test_text_cut_in_the_middle_of_a_character_loses_one() -> None:
    decoded = decode(SPEECH.strip().encode()[:-1])

    assert (decoded.text[:-1], decoded.text[-1], decoded.lost) == (SPEECH.strip()[:-1], "\ufffd", 1)


def test_earlier_losses_are_kept_and_counted() -> None:
    text = "各\ufffd校要\ue5e5排查\uf0b7隐患。"

    assert decode(text.encode()) == Decoded(text, "utf-8", 3)


def test_stray_control_character_is_marked() -> None:
    assert decode("各学校\x07要排查。".encode()) == Decoded("各学校\ufffd要排查。", "utf-8", 1)


def test_loss_is_told_and_its_absence_is_not() -> None:
    assert loss_warnings(Decoded("", "utf-8", 0)) == ()
    assert loss_warnings(Decoded("", "utf-8", 2))[0].zh == "有2处字符无法识别或已损坏，请对照原件检查。"


@pytest.mark.parametrize(
    "data",
    [
        bytes(1000),
        bytes(range(256)) * 20,
        b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" * 50,
        b"\x01\x02\x03\x04",
    ],
)
def test_binary_file_is_refused(data: bytes) -> None:
    assert not is_text(data)
    with pytest.raises(UnknownFormatError):
        decode(data)


@pytest.mark.parametrize("data", [b"", b"a", b"\xef\xbb\xbf", SPEECH.encode("gbk"), SPEECH.encode("utf-16-le")])
def test_text_however_short_is_text(data: bytes) -> None:
    assert is_text(data)


def test_more_bytes_than_a_document_has_are_refused() -> None:
    with pytest.raises(TooLargeError):
        decode(bytes(MAX_BYTES + 1))


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("GB2312", "gb18030"),
        ("x-gbk", "gb18030"),
        ("Big5-HKSCS", "big5hkscs"),
        ("UTF8", "utf-8"),
        ("ISO-8859-1", "cp1252"),
    ],
)
def test_usual_names_of_encodings_are_known(label: str, codec: str) -> None:
    assert codec_named(label) == codec


@pytest.mark.parametrize("label", [None, "", "rot13", "unicode_escape", "idna", "punycode", "mbcs", "没有"])
def test_other_names_are_not_believed(label: str | None) -> None:
    assert codec_named(label) is None


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=60))
def test_any_text_in_utf8_with_a_mark_comes_back(text: str) -> None:
    assert decode(codecs.BOM_UTF8 + text.encode()).text == text.removeprefix("\ufeff")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SPEECH) - 12), st.integers(10, 60), st.sampled_from(["gbk", "utf-8", "hz", "utf-16"]))
def test_any_piece_of_a_speech_comes_back(start: int, length: int, codec: str) -> None:
    piece = SPEECH[start : start + length]

    assert decode(piece.encode(codec)).text == piece
