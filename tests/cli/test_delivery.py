from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from luoshi.cli.delivery import Destination, choose_destination, write_safely
from luoshi.cli.outcome import Exit, StopError


@pytest.mark.parametrize(
    ("sources", "format_", "output", "expected"),
    [
        (["a.docx"], None, None, Destination("table")),
        (["a.docx", "b.docx"], "json", None, Destination("json")),
        (["a.docx"], "xlsx", "-", Destination("xlsx")),
        (["a.docx"], None, "out.XLSX", Destination("xlsx", (Path("out.XLSX"),), joined=True)),
        (["a.docx"], None, "out.txt", Destination("table", (Path("out.txt"),), joined=True)),
        (["a.docx"], "json", "out.data", Destination("json", (Path("out.data"),), joined=True)),
        (["a.docx", "b.docx"], None, "out.json", Destination("json", (Path("out.json"),), joined=True)),
        (["a.docx"], "json", "out", Destination("json", (Path("out"),), joined=True)),
    ],
)
def test_destination_follows_from_what_was_asked(
    sources: list[str], format_: str | None, output: str | None, expected: Destination
) -> None:
    assert choose_destination(sources, format_, output) == expected


@pytest.mark.parametrize(
    ("sources", "format_", "output"),
    [
        (["a.docx"], "xlsx", None),
        (["a.docx", "b.docx"], "docx", "-"),
        (["a.docx", "b.docx"], None, "out.xlsx"),
        (["a.docx"], None, "out.pdf"),
        (["a.docx"], None, ""),
        (["a.docx", "b.docx"], None, " "),
        (["a.docx"], None, "out"),
        (["a.docx"], "xlsx", "out.docx"),
        (["a.docx"], "table", "out.xlsx"),
        (["a.docx"], None, "a.docx"),
        (["a.docx"], None, "./a.docx"),
    ],
)
def test_destination_that_cannot_be_right_is_refused(
    sources: list[str], format_: str | None, output: str | None
) -> None:
    with pytest.raises(StopError) as stopped:
        choose_destination(sources, format_, output)
    assert stopped.value.exit is Exit.MISUSED


def test_folder_gets_one_result_for_each_source(tmp_path: Path) -> None:
    destination = choose_destination(["x/讲话.docx", "通知.txt", "-"], "json", f"{tmp_path}/new/")
    assert destination == Destination(
        "json", tuple(tmp_path / "new" / f"{name}.json" for name in ("讲话", "通知", "stdin"))
    )
    assert (tmp_path / "new").is_dir()


def test_results_in_a_folder_never_share_a_name(tmp_path: Path) -> None:
    destination = choose_destination(["a/讲话.docx", "讲话.pdf", "b/讲话.docx"], None, str(tmp_path))
    assert [path.name for path in destination.paths] == ["讲话.docx.xlsx", "讲话.pdf.xlsx", "讲话.docx-2.xlsx"]


def test_folder_of_the_source_is_fine_unless_the_name_is_the_same(tmp_path: Path) -> None:
    source = tmp_path / "讲话.docx"
    assert choose_destination([str(source)], "xlsx", str(tmp_path)).paths == (tmp_path / "讲话.xlsx",)
    with pytest.raises(StopError):
        choose_destination([str(source)], "docx", str(tmp_path))


def test_folder_that_cannot_be_made_is_unwritable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StopError) as stopped:
        choose_destination(["a.docx"], "json", f"{tmp_path}/file/folder/")
    assert stopped.value.exit is Exit.UNWRITABLE


def test_written_file_replaces_the_old_and_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_safely(path, b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o640)
    assert [entry.name for entry in tmp_path.iterdir()] == ["表.xlsx"]


def test_new_file_has_the_mode_that_the_user_set(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_safely(tmp_path / "表.json", b"{}")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "表.json").stat().st_mode) == 0o640


def test_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_safely(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_device_is_written_to_as_it_is() -> None:
    write_safely(Path("/dev/null"), b"x")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_failed_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for target in (tmp_path / "none" / "表.xlsx", folder):
        with pytest.raises(StopError) as stopped:
            write_safely(target, b"new")
        assert stopped.value.exit is Exit.UNWRITABLE
    assert [entry.name for entry in tmp_path.iterdir()] == ["folder"]
    assert list(folder.iterdir()) == []
