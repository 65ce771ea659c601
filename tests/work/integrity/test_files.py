"""Evidence files on the disk against what was handed in."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from luoshi.work.integrity import verify
from work.integrity.world import World, kinds


def stored(world: World, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    return world.folder / digest[:2] / digest[2:4] / digest


def test_missing_file_is_named(world: World) -> None:
    path = stored(world, b"photo")
    path.unlink()
    (finding,) = verify().findings
    assert (finding.kind, finding.where.zh) == ("evidence.missing", f"佐证文件 {path.name}")


def test_changed_file_is_found_by_its_content_and_by_its_length(world: World) -> None:
    path = stored(world, b"photo")
    path.write_bytes(b"phot0")
    assert kinds() == {"evidence.changed"}
    assert verify(evidence=False).clean  # lengths only, as asked
    path.write_bytes(b"photos")
    assert kinds(verify(evidence=False)) == {"evidence.changed"}


def test_stray_files_are_named_once_they_have_settled(world: World) -> None:
    names = ["notes.txt", "ab/cd/short", f"ab/cd/abcd{'0' * 60}"]
    for name in names:
        path = world.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    assert verify().clean
    for name in names:
        os.utime(world.folder / name, (0, 0))
    assert sorted(f.where.en for f in verify().findings) == sorted(f"file {name}" for name in names)


def test_files_under_way_are_no_strays(world: World) -> None:
    path = world.folder / ".incoming" / "upload"
    path.parent.mkdir()
    path.write_bytes(b"x")
    os.utime(path, (0, 0))
    assert verify().clean


def test_missing_folder_names_every_file(world: World) -> None:
    world.folder.rename(world.folder.with_name("away"))
    assert verify().counts == {"evidence.missing": 3}
