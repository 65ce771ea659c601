"""Pictures and scans: recognised well enough, offline, silently; what is broken or too large is refused first."""

from __future__ import annotations

import io
from difflib import SequenceMatcher

import pytest

from luoshi.reading.errors import DamagedError, EmptyFileError, MissingHelperError, TooLargeError
from luoshi.reading.formats import pdf, picture
from luoshi.reading.formats.picture import Mending, read
from reading.page_files import Words, pdf_of_picture, picture_of, png_header

LINES = [
    "　　各学校要对照标准逐项自查，列出问题清单，明确整改时限",
    "和责任人员，确保在2025年9月底前完成，整改率达到100%。",
    "　　县教育局基础教育科要组织专项督导，每月通报进展情况。",
]
PARAGRAPHS = [(LINES[0] + LINES[1]).strip(), LINES[2].strip()]


@pytest.fixture
def engine() -> None:
    """Skip aloud where the extra is not installed."""
    if not picture.is_installed():
        pytest.skip("the extra ocr is not installed")


def accuracy(found: str, expected: str) -> float:
    matcher = SequenceMatcher(None, found, expected, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(expected)


@pytest.mark.usefixtures("engine")
def test_a_picture_is_read_in_paragraphs_without_a_word_on_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    found = read(picture_of(LINES), "a.png")
    texts = [found.text[block.start : block.end] for block in found.blocks]
    assert len(texts) == len(PARAGRAPHS)
    assert all(accuracy(*pair) >= 0.95 for pair in zip(texts, PARAGRAPHS, strict=True))
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("engine")
def test_a_scan_in_a_pdf_is_recognised_and_plain_pages_are_read(tmp_path: object) -> None:
    pillow = pytest.importorskip("PIL.Image")
    image = pillow.open(io.BytesIO(picture_of(LINES, height=1754))).convert("L")
    data = pdf_of_picture(image.tobytes(), *image.size, with_text=[Words("A page of plain text.", 72, 400)])
    found = pdf.read(data, "a.pdf")
    texts = [found.text[block.start : block.end] for block in found.blocks]
    assert [block.page for block in found.blocks] == [1, 1, 2]
    assert texts[2] == "A page of plain text."
    assert accuracy("".join(texts[:2]), "".join(PARAGRAPHS)) >= 0.95


@pytest.mark.usefixtures("engine")
def test_a_picture_without_text_is_empty() -> None:
    with pytest.raises(EmptyFileError):
        read(picture_of([]), "a.png")


@pytest.mark.usefixtures("engine")
def test_the_engine_is_started_once() -> None:
    assert picture._engine() is picture._engine()


@pytest.mark.usefixtures("engine")
def test_a_picture_that_states_a_huge_size_is_refused_before_decoding() -> None:
    with pytest.raises(TooLargeError):
        read(png_header(60_000, 60_000), "a.png")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("data", [b"hello", b"\x89PNG\r\n\x1a\n", png_header(100, 100), b"GIF89a" + b"\0" * 50])
def test_what_is_no_whole_picture_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError):
        read(data, "a.png")


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_every_kind_is_decoded_and_its_truncation_refused(kind: str) -> None:
    data = picture_of(["落实"], width=200, kind=kind)
    assert [pixels.shape for pixels in picture._pages(data)] == [(184, 200, 3)]
    with pytest.raises(DamagedError):
        list(picture._pages(data[: len(data) // 2]))


def test_an_empty_file_is_empty() -> None:
    with pytest.raises(EmptyFileError):
        read(b"", "a.png")


def test_without_the_extra_its_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "is_installed", lambda: False)
    with pytest.raises(MissingHelperError, match=r"luoshi\[ocr\]"):
        read(b"x", "a.png")


@pytest.mark.parametrize(
    ("read_as", "mended"),
    [
        ("各学校,各单位:", "各学校，各单位："),
        ("达到100%,比上年", "达到100%，比上年"),
        ("《办法》;方案", "《办法》；方案"),
        ("12,000人", "12,000人"),
        ("a, b", "a, b"),
        ("8:30开会", "8:30开会"),
        ("3.5", "3.5"),
    ],
)
def test_half_width_marks_beside_chinese_become_full_width(read_as: str, mended: str) -> None:
    mending = Mending()
    assert mending.mend(read_as) == mended
    assert mending.count == sum(one != other for one, other in zip(read_as, mended, strict=True))


def test_mending_is_recorded_only_where_something_was_mended() -> None:
    mending = Mending()
    mending.mend("落实。")
    assert mending.repairs() == []
    mending.mend("落实,")
    assert [(repair.name, repair.count) for repair in mending.repairs()] == [("full-width punctuation", 1)]
