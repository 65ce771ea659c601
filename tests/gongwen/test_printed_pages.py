"""Written files as LibreOffice prints them."""

import shutil
import subprocess
from pathlib import Path

import pypdfium2
import pytest

from luoshi.gongwen import Sheet, write_docx_table, write_xlsx
from luoshi.gongwen.layout import mm_to_points

from .written_files import doubtful, work_row, work_sheet

OFFICE = shutil.which("soffice")
pytestmark = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed: no page is looked at")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every file as pdf, all converted in one run of the office."""
    folder = tmp_path_factory.mktemp("printed")
    sheets: dict[str, Sheet] = {
        "one": work_sheet([[1, doubtful()]], footnote="以原文为准。"),
        "many": work_sheet([work_row(n) for n in range(1, 61)]),
        "empty": work_sheet([]),
        "long": work_sheet([work_row(1, "".join(f"第{n}所学校排查校舍。" for n in range(300)) + "至此完毕")]),
    }
    for name, sheet in sheets.items():
        write_xlsx([sheet], folder / f"{name}-x.xlsx")
        write_docx_table(sheet, folder / f"{name}-w.docx")
    convert(folder)
    return folder


@pytest.fixture(scope="module")
def pages(printed: Path) -> dict[str, list[str]]:
    """The text of each page of each file."""
    return {path.stem: page_texts(path) for path in printed.glob("*.pdf")}


def convert(folder: Path) -> None:
    files = sorted(folder.glob("*.*x"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert "Error" not in done.stdout + done.stderr
    assert len(list(folder.glob("*.pdf"))) == len(files)


def page_texts(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = []
    for page in document:
        text = page.get_textpage()
        texts.append("".join(text.get_text_range().split()))
        text.close()
        page.close()
    document.close()
    return texts


@pytest.mark.parametrize("name", ["one-x", "one-w", "empty-x", "empty-w"])
def test_a_small_table_is_one_page(pages: dict[str, list[str]], name: str) -> None:
    assert len(pages[name]) == 1


@pytest.mark.parametrize(("name", "least", "most"), [("many-x", 3, 8), ("many-w", 3, 8)])
def test_every_page_of_a_long_table_has_its_head(pages: dict[str, list[str]], name: str, least: int, most: int) -> None:
    assert least <= len(pages[name]) <= most
    assert all("工作任务" in text and "完成时限" in text for text in pages[name])


def test_pages_of_a_workbook_are_counted(pages: dict[str, list[str]]) -> None:
    total = len(pages["many-x"])
    assert all(f"第{number}页，共{total}页" in text for number, text in enumerate(pages["many-x"], 1))


def test_pages_of_a_document_carry_their_number_between_dashes(pages: dict[str, list[str]]) -> None:
    assert all(f"—{number}—" in text for number, text in enumerate(pages["many-w"], 1))


@pytest.mark.parametrize(("name", "page", "height"), [("one-w", 0, 44.5), ("many-w", 0, 44.5), ("many-w", 1, 174.5)])
def test_page_numbers_stand_7_mm_beside_the_type_area(printed: Path, name: str, page: int, height: float) -> None:
    document = pypdfium2.PdfDocument(printed / f"{name}.pdf")
    text = document[page].get_textpage()
    left, bottom, right, top = text.get_charbox(text.get_text_range().index("—"))
    assert 21 < left / mm_to_points(1) < right / mm_to_points(1) < 28
    assert (bottom + top) / 2 / mm_to_points(1) == pytest.approx(height, abs=4)
    text.close()
    document.close()


@pytest.mark.parametrize("name", ["one-x", "one-w"])
def test_doubt_shows_in_black_and_white(pages: dict[str, list[str]], name: str) -> None:
    assert "青禾县教育局（待核）" in pages[name][0]


@pytest.mark.parametrize("name", ["long-x", "long-w"])
def test_a_very_long_cell_is_printed_to_its_end(pages: dict[str, list[str]], name: str) -> None:
    assert "至此完毕" in "".join(pages[name])
