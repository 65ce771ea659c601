"""The organisation goes out and comes back; bad files are told row by row; nothing is half done."""

from __future__ import annotations

import csv
import datetime as dt
import importlib.util
import io
import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import override

from cast import Cast
from luoshi.ledger.models import Record
from luoshi.org import actions, checks
from luoshi.org.enums import Role
from luoshi.org.exchange import (
    Plan,
    StalePlanError,
    apply_tables,
    plan_tables,
    read_tables,
    write_csv,
    write_template,
    write_workbook,
)
from luoshi.org.exchange.cells import as_day
from luoshi.org.exchange.columns import Kind
from luoshi.org.exchange.export import rows_of
from luoshi.org.models import Group, Membership, Person, Post, Unit, UnitVersion
from luoshi.org.policy import SYSTEM_ACTOR, RefusedError
from luoshi.reading.errors import DamagedError, EmptyFileError, ReadError, TooLargeError, UnknownFormatError

pytestmark = pytest.mark.django_db

UNITS = ["单位代码", "全称", "简称", "类别", "学段", "上级代码", "职责", "启用日期"]
PEOPLE = ["工号", "姓名", "办公电话"]
POSTS = ["工号", "单位代码", "角色", "职务", "包片代码", "可看的保密台账", "开始日期", "结束日期"]
GROUPS = ["组代码", "组名称", "组类别", "单位代码", "加入日期"]
Sheets = Mapping[str, Sequence[Sequence[Any]]]


def book(sheets: Sheets, dress: Callable[[Any], object] = id) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as workbook:
        day = workbook.add_format({"num_format": "yyyy/m/d"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, column, cell, day)
                    else:
                        sheet.write(number, column, cell)
            dress(sheet)
    return out.getvalue()


def planned(sheets: Sheets, **given: Any) -> Plan:
    return plan_tables(read_tables([("表.xlsx", book(sheets, **given))]))


def problems(sheets: Sheets, **given: Any) -> list[tuple[str, int, str]]:
    return [(p.sheet, p.row, p.column) for p in planned(sheets, **given).problems]


def counts(plan: Plan) -> dict[str, list[int]]:
    return {name: rest for name, *rest in plan.counts()}


def exported() -> bytes:
    out = io.BytesIO()
    write_workbook(out)
    return out.getvalue()


def whole() -> list[list[list[Any]]]:
    return [list(rows_of(kind)) for kind in Kind]


def empty_database() -> None:
    for model in (Post, Membership, Group):
        model.objects.all().delete()
    Person.objects.all().delete()
    UnitVersion.objects.all().delete()
    Unit.objects.all().delete()


def unit(code: str, parent: str = "", **given: Any) -> list[Any]:
    values = {"全称": f"单位{code}", "类别": "学校", "上级代码": parent, "单位代码": code, **given}
    return [values.get(head, "") for head in UNITS]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_importing_an_export_changes_nothing(cast: Cast, language: str) -> None:
    with override(language):
        plan = apply_tables(read_tables([("a.xlsx", exported())]), by=cast.actor("system_admin")).plan
        assert list(counts(plan).values()) == [[0, 0, 7], [0, 0, 21], [0, 0, 20], [0, 0, 3]]
    assert (plan.problems, Record.objects.count()) == ([], 0)


def test_export_fills_an_empty_database_with_the_same_organisation(cast: Cast) -> None:
    actions.add_to_group(Group.objects.get(code="Z1"), [cast.unit("HS")], by=SYSTEM_ACTOR)
    Person.objects.filter(staff_no="head").update(name="=1+1", phone="+86 555")
    before, data = whole(), exported()
    empty_database()
    apply_tables(read_tables([("a.xlsx", data)]), by=SYSTEM_ACTOR, confirm=True)
    assert whole() == before
    assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert list(checks.findings()) == []
    assert Person.objects.get(staff_no="head").name == "=1+1"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_csv_files_come_back_alike_and_hold_no_formula(cast: Cast, language: str) -> None:
    Unit.objects.filter(code="HS").update(name="=HYPERLINK(1)", duties="@x")
    with override(language):
        files = [(f"{kind}.csv", b"".join(write_csv(kind))) for kind in Kind]
        plan = plan_tables(read_tables(files))
    rows = list(csv.reader(io.StringIO(files[0][1].decode("utf-8-sig"))))
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert "'=HYPERLINK(1)" in {row[1] for row in rows}
    assert (plan.problems, plan.changes) == ([], [])


def test_template_is_read_as_four_empty_sheets(cast: Cast) -> None:
    out = io.BytesIO()
    write_template(out)
    tables = read_tables([("模板.xlsx", out.getvalue())])
    assert [(table.form.kind, table.missing, table.rows) for table in tables] == [(kind, (), []) for kind in Kind]


def test_new_rows_are_stored_in_the_order_of_the_tree_whatever_the_order_of_the_file(cast: Cast) -> None:
    sheets: Sheets = {
        "单位": [
            UNITS,
            unit("N-1-1", "N-1"),
            unit("N-1", "N", 简称="甲校、乙校"),
            unit("N", "yl", 类别="centre_school", 启用日期="2020/3/1"),
        ],
        "人员": [PEOPLE, ["007", "詹 邦", ""], [8, "李四", "0555-1"]],
        "任职": [POSTS, ["007", "N-1", "负责人"], ["8", "N-1-1", "inspector", "督学", "G1"]],
        "单位组": [GROUPS, ["G1", "新片区", "包片", "N-1-1", ""], ["G1", "新片区", "包片", "HS-1", "2024-01-01"]],
    }
    assert planned(sheets).problems == []
    done = apply_tables(read_tables([("a.xlsx", book(sheets))]), by=cast.actor("system_admin"))
    assert counts(done.plan) == {"单位": [3, 0, 0], "人员": [2, 0, 0], "任职": [2, 0, 0], "单位组": [3, 0, 0]}
    assert [u.code for u in Unit.objects.get_tree(cast.unit("YL"))][-3:] == ["N", "N-1", "N-1-1"]
    assert Unit.objects.get(code="N-1").short_names == ["甲校", "乙校"]
    assert Unit.objects.get(code="N").versions.get().since == dt.date(2020, 3, 1)
    posts = Post.objects.filter(person__staff_no__in=("007", "8")).order_by("pk")
    assert [(p.role, p.confirmed_at, p.proposed_by) for p in posts] == [
        (Role.HEAD, None, cast.people["system_admin"]),
        (Role.INSPECTOR, None, cast.people["system_admin"]),
    ]
    assert {r.operation for r in Record.objects.all()} == {done.operation}
    assert [r.act for r in Record.objects.order_by("seq")] == [
        "org.import", *["unit.change"] * 3, *["group.change"] * 3, *["post.propose"] * 2
    ]  # fmt: skip
    assert list(checks.findings()) == []


def test_changes_move_and_rename_and_can_be_looked_at_first(cast: Cast) -> None:
    data = book({
        "单位": [
            ["单位代码", "全称", "类别", "上级代码"],
            ["HS-1", "槐树镇第一小学", "学校", "YL"],
            ["HS", "槐树镇中心校", "中心学校", "HS-1"],
        ],
        "人员": [["工号", "姓名"], ["head", "江二鸣"]],
    })  # fmt: skip
    plan = plan_tables(read_tables([("a.xlsx", data)]))
    assert [(c.row, c.name, c.details()) for c in plan.of(Kind.UNITS)] == [
        (2, "槐树镇第一小学", [("上级代码", "HS", "YL")]),
        (3, "槐树镇中心校", [("全称", "槐树镇中心学校", "槐树镇中心校"), ("上级代码", "YL", "HS-1")]),
    ]
    assert Unit.objects.get(code="HS").name == "槐树镇中心学校"
    apply_tables(read_tables([("a.xlsx", data)]), by=cast.actor("system_admin"), digest=plan.digest)
    assert [(u.code, u.depth) for u in Unit.objects.get_tree(cast.unit("HS-1"))] == [
        ("HS-1", 2),
        ("HS", 3),
        ("HS-Y", 4),
    ]
    assert Unit.objects.get(code="HS-1").short_names == ["槐树一小"]
    assert list(checks.findings()) == []
    again = apply_tables(read_tables([("a.xlsx", data)]), by=cast.actor("system_admin"))
    assert again.plan.changes == []


def test_every_problem_is_listed_with_its_row_and_column(cast: Cast) -> None:
    sheets: Sheets = {
        "单位": [
            UNITS,
            unit("A", "B"),
            unit("B", "A"),
            unit("C", "没有"),
            unit("D", "A"),
            unit("HS", "YL", 全称="", 类别="大学"),
            unit("hs", "YL"),
            unit("E", 启用日期="3/1/2026"),
            unit("F", 学段="博士", 启用日期="2999-01-01"),
            unit("a b"),
        ],
        "人员": [PEOPLE, ["", "无号"], ["1", ""], ["1", "重"], ["2", "长" * 81]],
        "任职": [
            POSTS,
            ["99", "YL", "负责人"],
            ["head", "XX", "校监"],
            ["head", "YL", "督学"],
            ["head", "YL", "系统管理员"],
            ["officer", "YL", "经办人", "", "A1"],
            ["leader", "YL", "局领导", "局长", "", "", "2019-01-01"],
            ["stranger", "YL", "经办人", "", "", "", "2026-05-01", "2026-04-01"],
            ["stranger", "HS", "经办人"],
            ["stranger", "HS", "经办人"],
        ],
        "单位组": [GROUPS, ["Z1", "槐树责任区", "责任区", "HS-1", "2021-01-01"], ["Z1", "别名", "责任区", "无"]],
    }
    found = problems(sheets)
    assert found == [
        ("单位", 2, "上级代码"),
        ("单位", 3, "上级代码"),
        ("单位", 4, "上级代码"),
        ("单位", 6, "全称"),
        ("单位", 6, "类别"),
        ("单位", 7, "单位代码"),
        ("单位", 8, "启用日期"),
        ("单位", 9, "学段"),
        ("单位", 9, "启用日期"),
        ("单位", 10, "单位代码"),
        ("人员", 2, "工号"),
        ("人员", 3, "姓名"),
        ("人员", 4, "工号"),
        ("人员", 5, "姓名"),
        ("任职", 2, "工号"),
        ("任职", 3, "单位代码"),
        ("任职", 3, "角色"),
        ("任职", 4, "包片代码"),
        ("任职", 5, "角色"),
        ("任职", 6, "包片代码"),
        ("任职", 7, "开始日期"),
        ("任职", 8, "结束日期"),
        ("任职", 10, "角色"),
        ("单位组", 2, "加入日期"),
        ("单位组", 3, "组名称"),
        ("单位组", 3, "单位代码"),
    ]
    with pytest.raises(ValidationError) as refused:
        apply_tables(read_tables([("a.xlsx", book(sheets))]), by=SYSTEM_ACTOR)
    assert refused.value.code == "problems"
    assert (Unit.objects.count(), Record.objects.count()) == (7, 0)


def test_problems_say_what_to_do_in_the_readers_language(cast: Cast) -> None:
    (problem,) = planned({"单位": [UNITS, unit("C", "没有")]}).problems
    assert problem.message == "没有代码为没有的单位，请改正，或在“单位”表里加上它。"


def test_two_administrators_posts_in_one_file_are_refused(cast: Cast) -> None:
    rows = [POSTS, ["stranger", "YL", "安全管理员"], ["stranger", "YL", "审计管理员"]]
    (problem,) = planned({"任职": rows}).problems
    assert (problem.row, "不能互相兼任" in problem.message) == (3, True)


@pytest.mark.parametrize("who", ["leader", "supervisor", "officer", "security_admin", "audit_admin", "stranger"])
def test_only_the_systems_administrator_imports(cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        apply_tables(read_tables([("a.xlsx", exported())]), by=cast.actor(who))


def test_only_the_command_line_confirms_while_importing(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        apply_tables(read_tables([("a.xlsx", exported())]), by=cast.actor("system_admin"), confirm=True)
    assert refused.value.code == "confirm_apart"


def test_plan_that_no_longer_holds_is_not_applied(cast: Cast) -> None:
    tables = read_tables([("a.xlsx", book({"单位": [UNITS, unit("N", "HS")]}))])
    digest = plan_tables(tables).digest
    actions.open_unit(code="N", name="别的", kind="school", by=SYSTEM_ACTOR)
    with pytest.raises(StalePlanError) as stale:
        apply_tables(tables, by=cast.actor("system_admin"), digest=digest)
    assert [c.is_new for c in stale.value.plan.changes] == [False]
    assert Unit.objects.get(code="N").name == "别的"


def test_confirmed_posts_change_only_in_title_and_end_earlier(cast: Cast) -> None:
    until = timezone.localdate() + dt.timedelta(days=30)
    rows: list[list[Any]] = [POSTS, ["head", "YL-JJ", "负责人", "主任科员", "", "", "", until]]
    apply_tables(read_tables([("a.xlsx", book({"任职": rows}))]), by=cast.actor("system_admin"))
    post = Post.objects.get(person__staff_no="head")
    assert (post.title, post.until, post.confirmed_at is not None) == ("主任科员", until, True)
    assert problems({"任职": [POSTS, ["head", "YL-JJ", "负责人", "主任科员", "", "dropout", "", ""]]}) == [
        ("任职", 2, "可看的保密台账"),
        ("任职", 2, "结束日期"),
    ]


def test_last_administrator_cannot_be_ended_by_an_import(cast: Cast) -> None:
    rows: list[list[Any]] = [POSTS, ["audit_admin", "YL", "审计管理员", "", "", "", "", timezone.localdate()]]
    with pytest.raises(ValidationError) as refused:
        apply_tables(read_tables([("a.xlsx", book({"任职": rows}))]), by=cast.actor("system_admin"))
    assert refused.value.code == "last_administrator"


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026/3/1", "\uff12\uff10\uff12\uff16－\uff10\uff13－\uff10\uff11", " 2026.3.1 ", "2026年3月1日", "20260301", "2026-03-01 00:00"]
)  # fmt: skip
def test_day_is_understood(text: str) -> None:
    assert as_day(text) == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "text", ["3/1/2026", "2026-13-01", "2026-02-30", "46082", "明天", "2026", "0026-01-01", "2026-3"]
)
def test_day_that_may_mean_another_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        as_day(text)


def test_titles_above_the_head_extra_columns_and_full_width_codes_are_fine(cast: Cast) -> None:
    rows: list[Sequence[Any]] = [
        ["云岭市单位名册"], [], ["序号", " 单位 代码* ", "名称", "类型", "上级", "备注", "启用日期"],
        ["1", "\uff28\uff33－\uff13", " 第三小学 ", " 学 校 ", "\uff48\uff53", "=1+1", dt.date(2024, 9, 1)], [], ["", "", "", "", "", "完"],
    ]  # fmt: skip
    (change,) = planned({"单位": rows}).changes
    assert (change.row, change.key, change.values["parent"], change.values["opened_on"]) == (
        4, ("HS-3",), "HS", dt.date(2024, 9, 1)
    )  # fmt: skip


def test_merged_cells_are_told_by_row(cast: Cast) -> None:
    sheets: Sheets = {"单位": [["名册"], UNITS, unit("N1", "YL"), unit("N2", "YL")]}

    def merge(sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 5, "名册")
        sheet.merge_range(2, 3, 3, 3, "学校")

    assert problems(sheets, dress=merge) == [("单位", 3, ""), ("单位", 4, "")]


def test_missing_and_double_heads_are_told(cast: Cast) -> None:
    assert problems({"单位": [["单位代码", "名称"], ["N", "新"]]}) == [("单位", 0, "")]
    assert problems({"单位": [[*UNITS, "名称"], unit("N")]}) == [("单位", 0, "")]
    assert problems({"单位": [["甲", "乙"]]}) == [("单位", 0, "")]


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.xlsx", b"", EmptyFileError),
        ("a.xlsx", b"PK\x03\x04" + b"\x00" * 50, DamagedError),
        ("a.pdf", b"%PDF-1.7\n1 0 obj", UnknownFormatError),
        ("a.bin", bytes(range(256)) * 40, ReadError),
        ("a.csv", "甲,乙\n1,2\n".encode("gb18030"), UnknownFormatError),
        ("a.csv", b"x" * (20 * 1024 * 1024 + 1), TooLargeError),
    ],
)
def test_wrong_files_are_refused_with_words(name: str, data: bytes, error: type[ReadError]) -> None:
    with pytest.raises(error) as refused:
        read_tables([(name, data)])
    assert len(refused.value.words.zh) > 8


def test_csv_in_the_encoding_of_old_offices_is_read(cast: Cast) -> None:
    text = "工号;姓名;办公电话\n900;赵七;0555-1234\n"
    (change,) = plan_tables(read_tables([("人员.csv", text.encode("gb18030"))])).changes
    assert (change.key, change.values) == (("900",), {"name": "赵七", "phone": "0555-1234"})


def test_more_rows_than_any_authority_has_are_refused() -> None:
    text = "工号,姓名\n" + "".join(f"{n},王\n" for n in range(100_000))
    with pytest.raises(TooLargeError):
        read_tables([("人员.csv", text.encode())])


def test_huge_heap_of_problems_is_listed_in_full(cast: Cast) -> None:
    text = "工号,姓名\n" + "".join(f",王{n}\n" for n in range(20_000))
    assert len(plan_tables(read_tables([("人员.csv", text.encode())])).problems) == 20_000


@pytest.mark.parametrize("seed", range(4))
def test_random_regroupings_leave_a_tree(cast: Cast, seed: int) -> None:
    rng = random.Random(seed)
    codes = [f"R{number}" for number in range(15)]
    for _ in range(5):
        rows = [unit(code, rng.choice(["YL", "HS", "QH-1", *codes])) for code in rng.sample(codes, 8)]
        tables = read_tables([("a.xlsx", book({"单位": [UNITS, *rows]}))])
        if plan_tables(tables).is_sound:
            apply_tables(tables, by=SYSTEM_ACTOR)
        assert Unit.objects.find_problems() == ([], [], [], [], [])
    assert list(checks.findings()) == []


def test_city_is_imported_in_a_fixed_number_of_statements(
    cast: Cast, tmp_path: Path, django_assert_max_num_queries: Any
) -> None:
    spec = importlib.util.spec_from_file_location("samples", Path(__file__).parents[2] / "bench" / "samples.py")
    assert spec is not None
    assert spec.loader is not None
    samples = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(samples)

    empty_database()
    samples.make_workbook(tmp_path / "city.xlsx", units=300, people=600)
    tables = read_tables([("city.xlsx", (tmp_path / "city.xlsx").read_bytes())])
    began = time.perf_counter()
    with django_assert_max_num_queries(60):
        done = apply_tables(tables, by=SYSTEM_ACTOR, confirm=True)
    assert time.perf_counter() - began < 30
    assert {name: new for name, new, *_ in done.plan.counts()} == {"单位": 300, "人员": 600, "任职": 660, "单位组": 22}
    assert Unit.objects.find_problems() == ([], [], [], [], [])
