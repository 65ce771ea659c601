from __future__ import annotations

import datetime as dt
import errno
import hashlib
import io
import os
import threading
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from luoshi.work.evidence import opened, path_of, store, sweep
from luoshi.work.models import Evidence

from .samples import picture, zipped


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.django_db
def test_file_lies_under_its_hash_and_is_the_owners_only(folder: Path) -> None:
    content = "整改前后对比".encode()
    row = store(io.BytesIO(content), name="对比.txt")
    digest = hashlib.sha256(content).hexdigest()
    assert (row.sha256, row.size, row.kind) == (digest, len(content), "txt")
    assert files(folder) == [f"{digest[:2]}/{digest[2:4]}/{digest}"]
    assert path_of(row).stat().st_mode & 0o777 == 0o600
    assert path_of(row).parent.stat().st_mode & 0o777 == 0o700
    with opened(row) as file:
        assert file.read() == content


@pytest.mark.django_db
def test_same_content_is_kept_once_whatever_its_name(folder: Path) -> None:
    first = store(io.BytesIO(b"abc"), name="甲.txt")
    second = store(io.BytesIO(b"abc"), name="乙.md")
    assert first == second
    assert Evidence.objects.count() == 1
    assert len(files(folder)) == 1


@pytest.mark.django_db
def test_lost_or_cut_file_comes_back_when_it_is_handed_in_again(folder: Path) -> None:
    row = store(io.BytesIO(b"whole content"), name="a.txt")
    path_of(row).write_bytes(b"whole")
    store(io.BytesIO(b"whole content"), name="a.txt")
    assert path_of(row).read_bytes() == b"whole content"
    path_of(row).unlink()
    store(io.BytesIO(b"whole content"), name="a.txt")
    assert path_of(row).read_bytes() == b"whole content"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "limit", "code"),
    [
        (b"", 10, "empty"),
        (b"12345678901", 10, "too_large"),
        (b"MZ\x90\x00" + bytes(100), 1000, "program"),
        (zipped("classes.dex", "AndroidManifest.xml"), 10_000, "program"),
    ],
)
def test_refused_file_leaves_nothing_behind(folder: Path, content: bytes, limit: int, code: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        store(io.BytesIO(content), name="a.jpg", limit=limit)
    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith("。")
    assert files(folder) == []
    assert Evidence.objects.count() == 0


@pytest.mark.django_db
def test_file_of_exactly_the_limit_is_kept() -> None:
    assert store(io.BytesIO(b"1234567890"), name="a.txt", limit=10).size == 10


class Breaking:
    """A connection that breaks after some bytes."""

    def __init__(self, error: OSError) -> None:
        self.error = error
        self.pieces = [b"half a photo"]

    def read(self, _size: int) -> bytes:
        if self.pieces:
            return self.pieces.pop()
        raise self.error


@pytest.mark.django_db
def test_upload_that_breaks_off_leaves_nothing_behind(folder: Path) -> None:
    with pytest.raises(ConnectionResetError):
        store(Breaking(ConnectionResetError()), name="a.jpg")
    assert files(folder) == []
    assert Evidence.objects.count() == 0


@pytest.mark.django_db
def test_full_disk_is_told_in_words(folder: Path) -> None:
    with pytest.raises(ValidationError) as refusal:
        store(Breaking(OSError(errno.ENOSPC, "full")), name="a.jpg")
    assert refusal.value.code == "no_room"
    assert files(folder) == []


@pytest.mark.django_db(transaction=True)
def test_two_who_bring_the_same_file_at_once_share_one_row(folder: Path) -> None:
    content = picture("PNG", (300, 300))
    rows: list[int] = []
    start = threading.Barrier(4)

    def bring() -> None:
        start.wait()
        try:
            rows.append(store(io.BytesIO(content), name="照片.png").pk)
        finally:
            connection.close()

    people = [threading.Thread(target=bring) for _ in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert len(rows) == 4
    assert len(set(rows)) == 1
    assert len(files(folder)) == 1


@pytest.mark.django_db
def test_sweep_removes_old_passing_files_only(folder: Path) -> None:
    row = store(io.BytesIO(b"kept"), name="a.txt")
    old, young = folder / ".incoming" / "old", folder / ".incoming" / "young"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    assert sweep() == 1
    assert files(folder) == sorted([".incoming/young", str(path_of(row).relative_to(folder))])
    assert sweep(older_than=dt.timedelta(seconds=-5)) == 1


def test_sweep_of_a_folder_that_is_not_there_does_nothing() -> None:
    assert sweep() == 0
