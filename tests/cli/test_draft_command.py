from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from docx import Document
from jsonschema import Draft202012Validator
from python_calamine import CalamineWorkbook

from luoshi.cli import main
from luoshi.cli.outcome import Exit
from luoshi.cli.outputs import docx_bytes, drawn_lines, plain_lines, xlsx_bytes
from luoshi.cli.terminal import text_width
from luoshi.drafting.contract import schema
from luoshi.drafting.plan import Plan
from luoshi.drafting.table import to_table

from .runs import NOTICE, luoshi

HEAD = ["序号", "工作任务", "原文要求", "量化目标", "牵头单位", "配合单位", "完成时限", "频次", "出处"]


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def sheets(content: bytes) -> dict[str, Sequence[Sequence[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_json_is_all_that_standard_output_holds(notice: Path) -> None:
    run = luoshi("draft", "--verbose", "--format", "json", notice)
    output = json.loads(run.stdout)
    assert (run.returncode, run.stdout.count(b"\n")) == (0, 1)
    assert list(Draft202012Validator(schema()).iter_errors(output)) == []
    assert b"2026-04-08" in run.stderr


def test_tasks_are_found_with_their_bodies_and_days(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["draft", "--format", "json", str(notice)]) == Exit.FINE
    tasks = json.loads(capsys.readouterr().out)["tasks"]
    assert {owner["text"] for task in tasks for owner in task["owners"]} >= {"各学校", "基础教育股"}
    assert [deadline["due"] for task in tasks for deadline in task["deadlines"]] == ["2026-05-20", "2026-06-30"]


def test_date_given_decides_what_times_count_from(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["draft", "--format", "json", "--date", "2025-01-10", str(notice)]) == Exit.FINE
    output = json.loads(capsys.readouterr().out)
    assert output["source"]["date"] == "2025-01-10"
    assert [deadline["due"] for deadline in output["tasks"][-1]["deadlines"]] == ["2025-06-30"]


def test_json_of_several_files_is_a_list_also_where_one_is_bad(
    capsys: pytest.CaptureFixture[str], notice: Path, tmp_path: Path
) -> None:
    assert main(["draft", "--format", "json", f"{tmp_path}/none.txt", str(notice)]) == Exit.UNREADABLE
    captured = capsys.readouterr()
    assert [output["source"]["file"] for output in json.loads(captured.out)] == ["通知.txt"]
    assert captured.err.count("\n") == 1


def test_one_file_that_cannot_be_read_prints_no_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["draft", "--format", "json", f"{tmp_path}/none.txt"]) == Exit.UNREADABLE
    assert capsys.readouterr().out == ""


def test_table_for_other_programs_is_one_line_a_task(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["draft", str(notice)]) == Exit.FINE
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert lines[0] == HEAD
    assert [line[0] for line in lines[1:]] == [str(number) for number in range(1, len(lines))]
    assert {len(line) for line in lines} == {len(HEAD)}
    assert lines[-1][6] == "6月底前（2026-06-30）"


@pytest.mark.parametrize("width", ["80", "120"])
def test_drawn_table_keeps_to_the_width(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, notice: Path, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    assert main(["draft", str(notice)]) == Exit.FINE
    out = capsys.readouterr().out
    assert "2026-06-30" in out
    assert [line for line in out.splitlines() if text_width(line) > int(width)] == []


def test_workbook_is_written_where_the_extension_asks_for_one(notice: Path, tmp_path: Path) -> None:
    assert main(["draft", str(notice), "-o", f"{tmp_path}/任务分解表.xlsx"]) == Exit.FINE
    book = sheets((tmp_path / "任务分解表.xlsx").read_bytes())
    assert list(book) == ["任务分解表", "逐句标注", "未成任务"]
    assert HEAD in book["任务分解表"]


def test_bad_file_leaves_an_old_result_untouched(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    result = tmp_path / "表.xlsx"
    result.write_bytes(b"old")
    assert main(["draft", f"{tmp_path}/none.docx", "-o", str(result)]) == Exit.UNREADABLE
    assert result.read_bytes() == b"old"
    assert capsys.readouterr().out == ""


def test_place_that_cannot_be_written_has_its_own_code(
    capsys: pytest.CaptureFixture[str], notice: Path, tmp_path: Path
) -> None:
    assert main(["draft", str(notice), "-o", f"{tmp_path}/none/表.xlsx"]) == Exit.UNWRITABLE
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_wrong_use_is_told_before_anything_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["draft", f"{tmp_path}/none.docx", "--format", "xlsx"]) == Exit.MISUSED
    assert "请用 -o 写明文件" in capsys.readouterr().err


def test_folder_gets_a_result_for_each_file_that_could_be_read(notice: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["draft", f"{tmp_path}/none.txt", str(notice), "--format", "docx", "-o", f"{out}/"]) == Exit.UNREADABLE
    assert [path.name for path in out.iterdir()] == ["通知.docx"]


def test_workbook_on_standard_output_is_the_bytes_of_the_file(notice: Path) -> None:
    run = luoshi("draft", notice, "--format", "xlsx", "-o", "-")
    assert (run.returncode, run.stderr) == (0, b"")
    assert list(sheets(run.stdout)) == ["任务分解表", "逐句标注", "未成任务"]


def test_units_match_named_bodies(capsys: pytest.CaptureFixture[str], notice: Path, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("code,name,short,duties\nQH02,青禾县教育局基础教育股,基础教育股,义务教育\n", encoding="utf-8")
    assert main(["draft", "--units", str(units), "--format", "json", str(notice)]) == Exit.FINE
    owners = [owner for task in json.loads(capsys.readouterr().out)["tasks"] for owner in task["owners"]]
    assert {owner["unit"] for owner in owners if owner["text"] == "基础教育股"} == {"QH02"}


@pytest.mark.parametrize("content", [None, b"", b"a,b\n1,2\n"])
def test_units_that_cannot_be_used_stop_everything(
    capsys: pytest.CaptureFixture[str], notice: Path, tmp_path: Path, content: bytes | None
) -> None:
    units = tmp_path / "units.csv"
    if content is not None:
        units.write_bytes(content)
    assert main(["draft", "--units", str(units), str(notice)]) == Exit.UNREADABLE
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert str(units) in captured.err


def test_explain_tells_why_in_the_language(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["explain", str(notice), "--task", "1"]) == Exit.FINE
    chinese = capsys.readouterr().out
    assert main(["explain", str(notice), "--task", "1", "--language", "en"]) == Exit.FINE
    assert "2026年5月20日" in chinese
    assert capsys.readouterr().out != chinese


def test_explain_of_no_such_task_says_which_there_are(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["explain", str(notice), "--task", "99"]) == Exit.MISUSED
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("luoshi: 没有第 99 项任务，请用 1 到 ")


def test_explain_of_a_text_without_tasks_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("春天来了，校园里的花开了。\n", encoding="utf-8")
    assert main(["explain", f"{tmp_path}/a.txt", "--task", "1"]) == Exit.MISUSED
    assert capsys.readouterr().err == "luoshi: 这个文件里没有读出任务。\n"


def test_text_without_tasks_still_gives_every_format(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("春天来了，校园里的花开了。\n", encoding="utf-8")
    for extension in ("xlsx", "docx", "json", "txt"):
        assert main(["draft", f"{tmp_path}/a.txt", "-o", f"{tmp_path}/out.{extension}"]) == Exit.FINE
        assert capsys.readouterr().err.startswith(f"luoshi: {tmp_path}/a.txt: 注意：没有读出任务；")


def test_sheets_hold_tasks_sentences_and_what_is_left(made_plan: Plan) -> None:
    book = sheets(xlsx_bytes(to_table(made_plan, "zh"), "zh"))
    tasks = book["任务分解表"]
    rows = tasks[tasks.index(HEAD) + 1 :]
    assert rows[0][:2] == [1.0, "完成校舍排查"]
    assert rows[0][6] == "6月底前\n（2026-06-30）"
    assert "待核" in str(rows[1][1])
    assert any("教育是最大的民生。" in row for row in book["未成任务"])
    texts = [row[1] for row in book["逐句标注"]]
    assert "去年新建幼儿园3所。" in texts


def test_document_leaves_out_columns_that_nothing_fills(made_plan: Plan) -> None:
    bare = tuple(dataclasses.replace(task, support=(), cadence=()) for task in made_plan.tasks)
    content = docx_bytes(to_table(dataclasses.replace(made_plan, tasks=bare), "zh"), "zh")
    head = [cell.text for cell in Document(io.BytesIO(content)).tables[0].rows[0].cells]
    assert head == ["序号", "工作任务", "原文要求", "量化目标", "牵头单位", "完成时限", "出处"]


def test_office_files_speak_english_where_asked(made_plan: Plan) -> None:
    assert list(sheets(xlsx_bytes(to_table(made_plan, "en"), "en"))) == ["Tasks", "Sentences", "No task"]


def test_doubtful_fields_carry_a_mark_on_the_terminal(made_plan: Plan) -> None:
    table = to_table(made_plan, "zh")
    drawn = list(drawn_lines(table, 120, "zh"))
    assert drawn[1] == "2 项任务，1 项需要核对"
    assert "开展演练 ?" in next(line for line in drawn if line.startswith("2  "))
    assert "开展演练 ?" in list(plain_lines(table, "zh"))[2]


def test_control_characters_of_a_document_do_not_reach_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    path = tmp_path / "a.txt"
    path.write_text(NOTICE.replace("逐一检查", "逐一\x1b]0;检查\x07"), encoding="utf-8")
    assert main(["draft", str(path)]) == Exit.FINE
    assert "\x1b" not in capsys.readouterr().out
