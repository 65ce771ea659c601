"""Workbooks of invented authorities, for measuring imports."""

from __future__ import annotations

import random
from pathlib import Path

from xlsxwriter import Workbook

__all__ = ["make_workbook"]

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
_TOWNS = "槐柳松竹梅兰荷桂枫杉榆柏桐樟椿"


def make_workbook(path: Path, units: int = 1200, people: int = 5000, posts: int | None = None) -> None:
    """Write an authority of that many units and people, with a tenth more posts than people unless told.

    The same numbers give the same rows. Towns have a centre school each, with the other schools below them in turn.
    """
    rng = random.Random(20260901)  # noqa: S311 — invented names, no secrets
    towns = max(1, min(units - 1, units // 15))
    codes = ["B", *(f"T{town:04}" for town in range(towns)), *(f"S{number:05}" for number in range(units - 1 - towns))]
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("单位")
        _write(sheet, 0, ["单位代码", "全称", "简称", "类别", "学段", "上级代码", "职责", "启用日期"])
        for number, code in enumerate(codes[:units], 1):
            _write(sheet, number, _unit(number - 1, code, towns))
        sheet = book.add_worksheet("人员")
        _write(sheet, 0, ["工号", "姓名", "办公电话"])
        for number in range(people):
            name = rng.choice(_FAMILY) + "".join(rng.choices(_GIVEN, k=rng.choice((1, 2, 2))))
            _write(sheet, number + 1, [f"P{number:06}", name, f"0555-{6_000_000 + number}"])
        sheet = book.add_worksheet("任职")
        _write(sheet, 0, ["工号", "单位代码", "角色", "职务", "包片代码", "可看的保密台账", "开始日期", "结束日期"])
        for number in range(people + people // 10 if posts is None else posts):
            _write(sheet, number + 1, _post(number, people, codes[:units]))
        sheet = book.add_worksheet("单位组")
        _write(sheet, 0, ["组代码", "组名称", "组类别", "单位代码", "加入日期"])
        for number, code in enumerate(codes[1 : towns + 1]):
            _write(
                sheet, number + 1, [f"Z{number // 10:03}", f"第{number // 10 + 1}责任区", "责任区", code, "2024-09-01"]
            )


def _unit(number: int, code: str, towns: int) -> list[str]:
    if number == 0:
        return [code, "云岭市教育局", "市教育局", "教育局", "", "", "主管全市教育工作", "2000-01-01"]
    if number <= towns:
        name = f"{_TOWNS[number % len(_TOWNS)]}树{number}镇"
        return [code, f"{name}中心学校", f"{name}中心校", "中心学校", "九年一贯", "B", "", "2000/9/1"]
    town = number % towns
    name = f"{_TOWNS[(town + 1) % len(_TOWNS)]}树{town + 1}镇第{number}小学"
    return [code, name, f"{number}小", "学校", "小学", f"T{town:04}", "", "2005-09-01"]


def _post(number: int, people: int, codes: list[str]) -> list[str]:
    person, unit = number % people, number % len(codes)
    role = "负责人" if number < len(codes) else "经办人" if number < people else "观察员"
    return [f"P{person:06}", codes[unit], role, "校长" if role == "负责人" else "", "", "", "2024-09-01", ""]


def _write(sheet: object, row: int, cells: list[str]) -> None:
    for column, cell in enumerate(cells):
        sheet.write_string(row, column, cell)  # type: ignore[attr-defined]
