from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from luoshi.cli import main
from luoshi.cli.outcome import Exit

from .runs import NOTICE, environment, luoshi


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(NOTICE, encoding="gb18030")
    return path


def test_text_is_printed_to_the_letter(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一、检查 \n\n　没有换行结尾", encoding="utf-8")
    assert main(["read", str(path)]) == Exit.FINE
    assert capsys.readouterr().out == "一、检查 \n\n　没有换行结尾"


def test_standard_input_is_read(notice: Path) -> None:
    run = luoshi("read", "-", stdin=notice.read_bytes())
    assert (run.returncode, run.stdout.decode(), run.stderr) == (0, NOTICE, b"")


def test_standard_input_twice_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "-", "-"]) == Exit.MISUSED
    assert capsys.readouterr() == ("", "luoshi: 标准输入（-）只能写一次。\n")


def test_several_texts_are_told_apart(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for name in ("甲", "乙"):
        (tmp_path / name).with_suffix(".txt").write_text(f"{name}文", encoding="utf-8")
    assert main(["read", f"{tmp_path}/甲.txt", f"{tmp_path}/乙.txt"]) == Exit.FINE
    assert capsys.readouterr().out == f"==> {tmp_path}/甲.txt <==\n甲文\n==> {tmp_path}/乙.txt <==\n乙文\n"


def test_outline_shows_items_by_depth(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["read", "--format", "outline", str(notice)]) == Exit.FINE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[1] 青禾县教育局关于开展校园安全检查的通知"
    assert lines[1].startswith("  一、重点任务")
    assert lines[2:] == ["    （一）检查校舍。", "    （二）检查食堂。"]


def test_json_holds_text_and_sentences_that_quote_it(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["read", "--format", "json", str(notice)]) == Exit.FINE
    output = json.loads(capsys.readouterr().out)
    assert (output["text"], output["chars"], output["date"]) == (NOTICE, len(NOTICE), "2026-04-08")
    assert [output["text"][s["start"] : s["end"]] for s in output["sentences"]] == [
        s["clean"] for s in output["sentences"]
    ]


def test_json_of_several_files_is_a_list_of_those_that_could_be_read(
    capsys: pytest.CaptureFixture[str], notice: Path, tmp_path: Path
) -> None:
    assert main(["read", "--format", "json", str(notice), f"{tmp_path}/none.txt"]) == Exit.UNREADABLE
    captured = capsys.readouterr()
    assert [document["file"] for document in json.loads(captured.out)] == ["通知.txt"]
    assert captured.err == f"luoshi: {tmp_path}/none.txt: 没有这个文件，请检查名称和路径。\n"


@pytest.mark.parametrize("format_", ["text", "outline", "json"])
def test_unreadable_file_prints_nothing_but_its_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, format_: str
) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    assert main(["read", "--format", format_, f"{tmp_path}/empty.txt"]) == Exit.UNREADABLE
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)


def test_folder_is_told_to_be_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["read", str(tmp_path)]) == Exit.UNREADABLE
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    assert captured.err.startswith(f"luoshi: {tmp_path}: ")
    assert "文件夹" in captured.err


def test_error_is_in_the_language_asked_for(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["read", f"{tmp_path}/x", "--language", "en"]) == Exit.UNREADABLE
    assert capsys.readouterr().err == f"luoshi: {tmp_path}/x: There is no such file; check its name and folder.\n"


def test_verbose_tells_on_standard_error_only(capsys: pytest.CaptureFixture[str], notice: Path) -> None:
    assert main(["read", "--verbose", str(notice)]) == Exit.FINE
    captured = capsys.readouterr()
    assert captured.out == NOTICE
    assert captured.err.startswith(f"{notice}：txt，{len(NOTICE)} 字，")


def test_progress_is_silent_where_nobody_watches(notice: Path) -> None:
    assert luoshi("read", notice, notice).stderr == b""


def test_program_that_leaves_early_is_no_fault(tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("开展校园安全检查工作。\n" * 20_000, encoding="utf-8")
    command = [sys.executable, "-m", "luoshi.cli", "read", str(long)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert (process.wait(timeout=60), process.stderr.read()) == (Exit.PIPE_CLOSED, b"")


def test_full_disk_is_told(notice: Path) -> None:
    command = f"{sys.executable} -m luoshi.cli read '{notice}' > /dev/full"
    run = subprocess.run(command, shell=True, capture_output=True, check=False, env=environment(), timeout=60)
    assert run.returncode == Exit.UNWRITABLE
    assert run.stderr.decode().startswith("luoshi: 写不到标准输出：磁盘满了。")
    assert run.stderr.count(b"\n") == 1


@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), ("<&-", 0)])
def test_closed_stream_is_no_fault(notice: Path, closed: str, code: int) -> None:
    command = f"{sys.executable} -m luoshi.cli read '{notice}' {closed}"
    run = subprocess.run(command, shell=True, capture_output=True, check=False, env=environment(), timeout=60)
    assert (run.returncode, run.stderr) == (code, b"")


def test_closed_standard_input_is_an_empty_file() -> None:
    command = f"{sys.executable} -m luoshi.cli read - <&-"
    run = subprocess.run(command, shell=True, capture_output=True, check=False, env=environment(), timeout=60)
    assert (run.returncode, run.stdout, run.stderr.count(b"\n")) == (Exit.UNREADABLE, b"", 1)


def test_interrupt_ends_with_its_code(notice: Path) -> None:
    # A shell starts what runs in the background deaf to Ctrl-C, and tests may run there.
    listen = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    start = listen + "import sys; from luoshi.cli import main; sys.exit(main())"
    command = [sys.executable, "-c", start, "read", "-v", str(notice), "-"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stderr.readline()  # the first file is done; what follows waits for standard input
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == Exit.INTERRUPTED
        assert process.stderr.read().decode() == "luoshi: 已中断\n"


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_terminal_without_a_character_shows_its_code(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("检查㙟村小学\n", encoding="utf-8")
    run = luoshi("read", path, PYTHONIOENCODING=encoding)
    assert (run.returncode, run.stderr) == (0, b"")
    assert "\\u365f" in run.stdout.decode(encoding)
