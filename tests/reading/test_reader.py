from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import luoshi.reading
from luoshi.reading import EmptyFileError, ReadError, TooLargeError, UnknownFormatError, limits, read
from luoshi.reading.reader import read_extract

TEXT = "关于校园安全检查的通知\n各学校要在2024年6月底前完成整改。\n"


def test_path_and_bytes_give_the_same_text_and_hash(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_bytes(TEXT.encode("gbk"))

    assert read_extract(path) == read_extract(TEXT.encode("gbk"), "通知.txt")
    assert read_extract(path)[1] == hashlib.sha256(TEXT.encode("gbk")).hexdigest()


@pytest.mark.parametrize(
    ("data", "name", "format_"),
    [
        (TEXT.encode(), "", "txt"),
        (b"# a\n", "a.md", "md"),
        (b"<html><p>a", "a.doc", "html"),
        (b"MIME-Version: 1.0\nContent-Type: text/html\n\n<p>a", "a.mht", "mhtml"),
        (b"a,b\n1,2\n", "a.csv", "csv"),
        ("序号\t任务\n1\t排查\n".encode("gbk"), "a.xls", "csv"),
    ],
)
def test_kind_finds_its_reader(data: bytes, name: str, format_: str) -> None:
    assert read_extract(data, name)[0].format == format_


def test_losses_of_a_list_are_told() -> None:
    assert len(read_extract("任务\ufffd,甲\n".encode(), "a.csv")[0].warnings) == 1


@pytest.mark.parametrize(
    "data", [b"", b" \r\n\t\n", "\ufeff\u200b　\n".encode(), b"<html><body></body></html>", b"\xef\xbb\xbf"]
)
def test_file_without_a_visible_character_is_empty(data: bytes) -> None:
    with pytest.raises(EmptyFileError):
        read_extract(data, "a.txt")


def test_missing_file_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_extract(tmp_path / "无.txt")


def test_folder_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormatError) as caught:
        read_extract(tmp_path)

    assert caught.value.words.zh == "这不是文件（是文件夹或设备），请给出里面的文件。"


def test_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")

    with pytest.raises(UnknownFormatError):
        read_extract(tmp_path / "a.txt")


def test_file_over_the_limit_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        file.truncate(limits.MAX_FILE_BYTES + 1)

    with pytest.raises(TooLargeError):
        read_extract(path)


@pytest.mark.parametrize("depth", [RecursionError, MemoryError])
def test_exhausted_parser_becomes_a_read_error(depth: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(data: bytes, name: str) -> None:
        raise depth

    monkeypatch.setattr("luoshi.reading.formats.plain.read", exhausted)

    with pytest.raises(ReadError):
        read_extract(TEXT.encode())


def test_document_names_its_file_and_keeps_its_text(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text(TEXT, encoding="utf-8")

    document = read(path)

    assert (document.name, document.format, document.text) == ("通知.txt", "txt", TEXT)
    assert document.sentences == read(path.read_bytes(), "通知.txt").sentences


def test_room_gives_all_that_it_lists() -> None:
    assert all(hasattr(luoshi.reading, name) for name in luoshi.reading.__all__)


def test_importing_the_room_loads_no_parser() -> None:
    code = "import sys, luoshi.reading; print([m for m in ('lxml', 'docx', 'zipfile', 'email', 'opencc') if m in sys.modules])"

    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
