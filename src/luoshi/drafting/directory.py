"""The authority's own directory of units: codes, names, short names and duties, from a CSV or Excel file.

A name in a text is matched to a unit by its full name, a short name, or its name without that of the authority
(市教育局基础教育科 = 基础教育科 = 基教科). What fits two units fits none.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from luoshi.drafting.bodies import head_before
from luoshi.reading.errors import DamagedError, EmptyFileError, ReadError, TooLargeError
from luoshi.reading.limits import MAX_FILE_BYTES
from luoshi.words import Words

__all__ = ["Directory", "DirectoryError", "Unit"]

MAX_UNITS: Final = 50_000
"""Units in one directory; a province with all its schools has about 30,000."""


class DirectoryError(ReadError):
    """The file can be read but is no directory of units; the sentence names the row."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its code, its full name, its short names, the code (or name) of the unit above it and its duties."""

    code: str
    name: str
    short: tuple[str, ...] = ()
    parent: str = ""
    duties: str = ""


_HEADS: Final = {
    "code": {
        "code",
        "unitcode",
        "id",
        "编码",
        "代码",
        "编号",
        "单位编码",
        "单位代码",
        "机构代码",
        "机构编码",
        "部门编码",
    },
    "name": {
        "name",
        "unit",
        "unitname",
        "名称",
        "全称",
        "单位名称",
        "单位",
        "机构名称",
        "部门名称",
        "部门",
        "单位全称",
    },
    "short": {
        "short",
        "shortname",
        "shortnames",
        "alias",
        "aliases",
        "简称",
        "别名",
        "单位简称",
        "机构简称",
        "部门简称",
    },
    "parent": {
        "parent",
        "parentcode",
        "上级",
        "上级编码",
        "上级代码",
        "上级单位",
        "隶属",
        "隶属单位",
        "主管单位",
        "上级部门",
    },
    "duties": {"duties", "duty", "responsibilities", "职责", "主要职责", "工作职责", "职能", "主要职能", "职责分工"},
}
_BETWEEN = re.compile(r"[、;；|/\n\uff5c]")
_LONGEST_NAME: Final = 80


class Directory:
    """The units of one authority."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: tuple[Unit, ...] = tuple(units)

    @classmethod
    def load(cls, source: Path | str | bytes) -> Directory:
        """Read a directory from a file or its bytes: CSV in any encoding, or an Excel workbook's first sheet.

        Raises `DirectoryError` (a `ReadError`) that names the row at fault, or what column is missing.
        """
        data = source if isinstance(source, bytes) else _bytes_of(Path(source))
        if not data.strip():
            raise EmptyFileError(
                "单位名录是空文件，请另选一个文件。", "The directory of units is empty; choose another file."
            )
        is_book = data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        return cls(_units(_book_rows(data) if is_book else _csv_rows(data)))

    def unit(self, code: str) -> Unit | None:
        """Return the unit with this code."""
        return self._by_code.get(code)

    def match(self, name: str) -> str | None:
        """Return the code of the unit that a name means; None where it fits no unit or several."""
        name = _squeezed(name)
        for key in _same(name):
            if codes := self._codes.get(key):
                return codes[0] if len(codes) == 1 else None
        for key in _less(name):  # what is left of the name must be a name that the directory itself gives
            if codes := self._given.get(key):
                return codes[0] if len(codes) == 1 else None
        return None

    def find(self, text: str) -> list[tuple[int, int, str]]:
        """Return start, end and code of every unit that a text names, the longest of several names at one place.

        A unit named right behind its authority (县教育局基教科) is one find, with the code of the unit.
        """
        found: list[tuple[int, int, str]] = []
        if self._names is None:
            return found
        for place in self._names.finditer(text):
            codes = self._codes[place[0]]
            start = found.pop()[0] if found and found[-1][1] == place.start() else place.start()
            if len(codes) == 1:
                found.append((start, place.end(), codes[0]))
        return found

    def why(self, code: str) -> Words:
        """Return the sentence that says to which unit a name was matched."""
        unit = self.unit(code)
        name = unit.name if unit else code
        return Words(f"与单位名录中的“{name}”相符。", f"It is 「{name}」 in the directory of units.")

    @cached_property
    def _by_code(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _given(self) -> dict[str, tuple[str, ...]]:
        """The codes by full and short name."""
        return _gathered((key, unit) for unit in self.units for name in (unit.name, *unit.short) for key in _same(name))

    @cached_property
    def _codes(self) -> dict[str, tuple[str, ...]]:
        """The codes by every spelling; a given name outweighs what is only left over of another unit's name."""
        derived = _gathered((key, unit) for unit in self.units for key in _less(unit.name))
        return derived | self._given

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        """The names as one pattern that prefers the longest; two characters only where they end as names do."""
        tree: _Tree = {}
        for name in self._codes:
            if len(name) > 2 or head_before(name, len(name)):
                _grow(tree, name)
        return re.compile(_pattern(tree)) if tree else None


# Spellings


def _squeezed(name: str) -> str:
    return re.sub(r"[\s　]+", "", name)


_PLACE: Final = r"^[^社校学园片小城超都直属]{2,4}?(?=[省市县区州旗])"
_LEVEL: Final = (
    r"^(?:.{2,4})?(?:省(?!委|直|级)|市(?!委|直|级|场|政|民|属|区)|县(?!委|直|级|城|域)|"
    r"区(?!委|直|级|域|划)|州(?!委)|旗(?!委))"
)
_AUTHORITY: Final = (
    r"^.{0,6}?(?:教育厅|教育局|教育和体育局|教育体育局|教体局|教科局|教育和科技局|"
    r"教科体局|教育委员会|教委|人民政府|委教育工委)(?=.{2})|^局(?=.{3})|^机关(?=.{3})"
)
_FIELDS: Final = (
    ("市场监督管理", "市场监管"), ("人力资源和社会保障", "人社"), ("人力资源社会保障", "人社"), ("卫生健康", "卫健"),
    ("发展和改革", "发改"), ("发展改革", "发改"), ("住房和城乡建设", "住建"), ("住房城乡建设", "住建"),
    ("工业和信息化", "工信"), ("文化和旅游", "文旅"), ("医疗保障", "医保"), ("交通运输", "交通"),
    ("基础教育", "基教"), ("职业教育", "职教"), ("教育和体育", "教体"), ("机构编制委员会办公室", "编办"),
)  # fmt: skip
"""Fields of government with the short form that every authority uses."""


def _same(name: str) -> Iterator[str]:
    """Give the spellings that mean just this name: without its bracket, with 办 for 办公室, 卫健局 for 卫生健康局."""
    bare = re.sub(r"（[^）]*）|\([^)]*\)", "", name) or name
    brief = bare
    for field, short in _FIELDS:
        brief = brief.replace(field, short)
    for form in dict.fromkeys((name, bare, brief)):
        yield form
        if form.endswith("办公室") and len(form) > len("办公室"):
            yield form.removesuffix("公室")
        elif form.endswith("办") and len(form) > 2:
            yield f"{form}公室"
    if bare in {"局办", "局办公室", "厅办", "委办", "机关办公室"}:
        yield "办公室"


def _less(name: str) -> Iterator[str]:
    """Give what is left of a name without its place (县财政局, 财政局) or its authority (基础教育科)."""
    for before in (_PLACE, _LEVEL, _AUTHORITY):
        found = re.match(before, name)
        rest = name[found.end() :] if found else ""
        if len(rest) > 1:
            yield from _same(rest)


def _gathered(spellings: Iterable[tuple[str, Unit]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for key, unit in spellings:
        found.setdefault(key, {})[unit.code] = None
    return {key: tuple(codes) for key, codes in found.items()}


_Tree = dict[str, "_Tree"]  # a word ends where the key "" stands


def _grow(tree: _Tree, name: str) -> None:
    for character in name:
        tree = tree.setdefault(character, {})
    tree[""] = {}


def _pattern(tree: _Tree) -> str:
    """Return a pattern of a tree of names that tries the longer name first."""
    ends = "" in tree
    branches = [re.escape(first) + _pattern(rest) for first, rest in tree.items() if first]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if ends else joined


# Files


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise TooLargeError(
                "单位名录文件太大，请只保留单位的行。", "The directory file is too large; keep only the rows of units."
            )
        return path.read_bytes()
    except OSError as error:
        raise DamagedError(
            f"打不开单位名录 {path.name}，请检查路径和权限。",
            f"Cannot open the directory {path.name}; check its path and rights.",
        ) from error


def _csv_rows(data: bytes) -> Iterator[Sequence[str]]:
    import csv  # noqa: PLC0415 — only where a directory is read

    from luoshi.reading.encoding import decode  # noqa: PLC0415 — only where a directory is read

    text = decode(data).text
    first = text.partition("\n")[0]
    delimiter = max(",\t;，", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text), delimiter=delimiter)
    except csv.Error as error:
        raise DirectoryError(
            "单位名录不是合规的 CSV 文件，请用 Excel 另存为 CSV 或 xlsx 后再试。",
            "The directory is no proper CSV file; save it again as CSV or xlsx.",
        ) from error


def _book_rows(data: bytes) -> Iterator[Sequence[str]]:
    import python_calamine  # noqa: PLC0415 — heavy, and not every run needs it

    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False, nrows=MAX_UNITS + 100)
    except (python_calamine.CalamineError, IndexError, OSError, ValueError) as error:
        raise DamagedError(
            "单位名录不是能打开的 Excel 文件，请另存为 xlsx 后再试。",
            "The directory is no workbook that opens; save it again as xlsx.",
        ) from error
    for row in rows:
        yield [str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell) for cell in row]


def _units(rows: Iterator[Sequence[str]]) -> list[Unit]:
    columns: dict[str, int] = {}
    units: list[Unit] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, 1):
        if not columns:
            columns = _columns(row)
        elif any(cell.strip() for cell in row):
            unit = _unit(row, columns, number)
            if unit.code in seen:
                raise _at(
                    number,
                    f"编码 {unit.code} 与第{seen[unit.code]}行重复，请改成不同的编码。",
                    f"code {unit.code} stands in row {seen[unit.code]} already; give each unit its own.",
                )
            seen[unit.code] = number
            units.append(unit)
        if len(units) > MAX_UNITS:
            raise TooLargeError(
                f"单位名录超过{MAX_UNITS}行，请分开使用。", f"The directory has more than {MAX_UNITS} rows; divide it."
            )
    if not columns:
        raise DirectoryError(
            "单位名录缺少表头，请在第一行写明“编码”“名称”（或 code、name）。",
            "The directory lacks its head row; name the columns code and name in the first row.",
        )
    return units


def _at(number: int, zh: str, en: str) -> DirectoryError:
    return DirectoryError(f"单位名录第{number}行：{zh}", f"Directory of units, row {number}: {en}")


def _columns(row: Sequence[str]) -> dict[str, int]:
    """Return where each column stands if the row is the head, which names at least the units."""
    columns: dict[str, int] = {}
    for index, cell in enumerate(row):
        head = re.sub(r"[\s_\-　]+", "", cell).lower().lstrip("\ufeff")
        for key, heads in _HEADS.items():
            if head in heads:
                columns.setdefault(key, index)
    return columns if "name" in columns else {}


def _unit(row: Sequence[str], columns: dict[str, int], number: int) -> Unit:
    def cell(key: str) -> str:
        index = columns.get(key)
        return "" if index is None or index >= len(row) else row[index].strip()

    name = _squeezed(cell("name"))
    if len(name) > _LONGEST_NAME:
        raise _at(
            number,
            f"名称超过{_LONGEST_NAME}字，请写单位全称。",
            f"the name is over {_LONGEST_NAME} characters; give the unit's own name.",
        )
    if not name:
        raise _at(number, "没有名称，请补上或删去这一行。", "no name; add one or leave the row out.")
    code = cell("code") or ("" if "code" in columns else name)
    if not code:
        raise _at(number, f"“{name}”没有编码，请补上。", f"「{name}」 has no code; add one.")
    short = tuple(
        dict.fromkeys(part for part in map(_squeezed, _BETWEEN.split(cell("short"))) if 0 < len(part) <= _LONGEST_NAME)
    )
    return Unit(code, name, short, cell("parent"), cell("duties"))
