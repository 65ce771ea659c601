"""An export agrees with the auditor's program; a tampered one does not."""

from __future__ import annotations

import io
import json
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import luoshi
from luoshi.ledger.models import Record
from luoshi.org.policy import SYSTEM_ACTOR, RefusedError
from luoshi.work.integrity import export_record
from luoshi.work.integrity.export import write
from luoshi.work.models import Event, Matter
from work.integrity.world import SECRET_TITLE, World

AUDITOR = Path(luoshi.__file__).parent / "auditor.py"


def audit(path: Path, *more: str) -> tuple[int, str]:
    run = subprocess.run(
        [sys.executable, "-I", str(AUDITOR), str(path), *more], capture_output=True, check=False, timeout=60
    )
    assert run.stderr == b""
    return run.returncode, run.stdout.decode()


@pytest.fixture
def exported(world: World, tmp_path: Path) -> Path:
    path = tmp_path / "record.zip"
    export_record(path, by=SYSTEM_ACTOR, evidence=True, confidential=True)
    return path


def rewritten(path: Path, name: str, change: Callable[[list[Any]], None]) -> Path:
    """Write the export again with other lines in one member, and a manifest that fits: a careful forger's work."""
    import hashlib  # noqa: PLC0415 — beside its one use

    other = path.with_name("forged.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        lines = [json.loads(line) for line in old.read(name).splitlines()]
        change(lines)
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        manifest = json.loads(old.read("manifest.json"))
        manifest["members"][name] = {"lines": len(lines), "sha256": hashlib.sha256(text).hexdigest()}
        for member in old.namelist():
            content = {name: text, "manifest.json": json.dumps(manifest).encode()}.get(member, old.read(member))
            new.writestr(member, content)
    return other


def test_auditor_agrees_with_an_untouched_export(exported: Path) -> None:
    code, said = audit(exported)
    assert code == 0, said
    assert f"{Event.objects.count()} events" in said
    assert "✓ 全部相符 · everything agrees" in said


def test_auditor_finds_the_seal_printed_on_paper(exported: Path, world: World) -> None:
    hash_ = world.seals[1].hash
    code, said = audit(exported, "--seal", " ".join(hash_[at : at + 8].upper() for at in range(0, 64, 8)))
    assert (code, f"✓ 纸面哈希即 {world.seals[1].day} 的封存" in said) == (0, True)
    code, said = audit(exported, "--seal", "0" * 64)
    assert (code, "the seal on paper is not in this export" in said) == (1, True)


def test_same_content_gives_the_same_bytes(world: World) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    assert write(first, evidence=True) == write(second, evidence=True)
    assert first.getvalue() == second.getvalue()


def test_export_is_put_on_record_and_never_replaces_a_file(exported: Path) -> None:
    row = Record.objects.get(act="records.export")
    with zipfile.ZipFile(exported) as file:
        manifest = file.read("manifest.json")
    import hashlib  # noqa: PLC0415 — beside its one use

    assert (row.data["manifest"], row.data["confidential"]) == (hashlib.sha256(manifest).hexdigest(), True)
    with pytest.raises(FileExistsError):
        export_record(exported, by=SYSTEM_ACTOR)
    assert Record.objects.filter(act="records.export").count() == 1
    assert [path.name for path in exported.parent.iterdir() if path.suffix == ".part"] == []
    assert exported.stat().st_mode & 0o777 == 0o600


def test_refused_export_writes_nothing(world: World, tmp_path: Path) -> None:
    with pytest.raises(RefusedError):
        export_record(tmp_path / "record.zip", by=world.actor("supervisor"))
    assert not (tmp_path / "record.zip").exists()


def test_confidential_matters_are_withheld_unless_asked_for_and_seals_still_fit(world: World, tmp_path: Path) -> None:
    path = tmp_path / "open.zip"
    done = export_record(path, by=SYSTEM_ACTOR, evidence=True)
    assert done.withheld == 1
    with zipfile.ZipFile(path) as file:
        content = b"".join(file.read(name) for name in file.namelist()).decode(errors="replace")
    for secret in (SECRET_TITLE, "来信人不愿公开", world.secret.number, "信.jpg", "letter"):
        assert secret not in content
    code, said = audit(path)
    assert code == 0, said
    assert "confidential matters by their hashes only: 1" in said


def test_export_without_evidence_says_that_files_were_not_checked(world: World, tmp_path: Path) -> None:
    export_record(tmp_path / "record.zip", by=SYSTEM_ACTOR)
    code, said = audit(tmp_path / "record.zip")
    assert (code, "evidence files are not in the export" in said) == (0, True)


def change_title(lines: list[Any]) -> None:
    lines[0]["content"]["data"]["set"]["title"] = "另一件事"


FORGERIES: dict[str, tuple[str, Callable[[list[Any]], None], str]] = {
    "altered event": ("events.jsonl", change_title, "content and hash differ"),
    "removed event": ("events.jsonl", lambda lines: lines.pop(2), "missing, added or swapped"),
    "removed last event": ("events.jsonl", lambda lines: lines.pop(), "events instead of"),
    "swapped events": ("events.jsonl", lambda lines: lines.insert(3, lines.pop(1)), "missing, added or swapped"),
    "doubled event": ("events.jsonl", lambda lines: lines.insert(1, lines[1]), "missing, added or swapped"),
    "withheld event": ("events.jsonl", lambda lines: lines[4].update(hash="0" * 64), "content and hash differ"),
    "removed record": ("records.jsonl", lambda lines: lines.pop(1), "missing, added or swapped"),
    "altered record": ("records.jsonl", lambda lines: lines[0]["content"].update(act="x"), "content and hash differ"),
    "removed seal": ("seals.jsonl", lambda lines: lines.pop(1), "does not follow the seal"),
    "altered seal": ("seals.jsonl", lambda lines: lines[0]["content"].update(events=1), "were sealed"),
    "altered register": ("registers.jsonl", lambda lines: lines[0].update(text="x"), "register was altered"),
    "removed register": ("registers.jsonl", lambda lines: lines.clear(), "register text that is not there"),
    "removed matter": ("matters.jsonl", lambda lines: lines.pop(), "has events but no matter"),
    "altered matter": ("matters.jsonl", lambda lines: lines[0].update(head="0" * 64), "the last event is not"),
    "removed evidence": ("evidence.jsonl", lambda lines: lines.pop(0), "is not listed"),
    "resized evidence": ("evidence.jsonl", lambda lines: lines[0].update(size=1), "evidence file was altered"),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_auditor_names_what_a_careful_forger_did(exported: Path, name: str) -> None:
    member, change, words = FORGERIES[name]
    code, said = audit(rewritten(exported, member, change))
    assert (code, words in said) == (1, True), said


def test_auditor_names_a_member_that_differs_from_the_manifest(exported: Path) -> None:
    other = exported.with_name("other.zip")
    with zipfile.ZipFile(exported) as old, zipfile.ZipFile(other, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member) + (b"\n" if member == "seals.jsonl" else b""))
    code, said = audit(other)
    assert (code, "✗ seals.jsonl：与清单的哈希不符" in said) == (1, True)


def test_flipped_bytes_never_pass_and_never_crash(exported: Path) -> None:
    dice = random.Random(7)
    whole = exported.read_bytes()
    end = whole.rindex(b"PK\x01\x02")  # behind it stand only names, sizes and dates
    for _ in range(12):
        place = dice.randrange(60, whole.index(b"PK\x01\x02"))
        spoilt = bytearray(whole)
        spoilt[place] ^= 1 << dice.randrange(8)
        other = exported.with_name("spoilt.zip")
        other.write_bytes(bytes(spoilt))
        code, said = audit(other)
        assert place < end
        assert code in {1, 2} or _only_frame(whole, spoilt, place), said


def _only_frame(whole: bytes, spoilt: bytearray, place: int) -> bool:
    """Tell whether the flipped bit lies in the frame of the zip and all members still read the same."""
    with zipfile.ZipFile(io.BytesIO(whole)) as one, zipfile.ZipFile(io.BytesIO(bytes(spoilt))) as two:
        return all(one.read(name) == two.read(name) for name in one.namelist())


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip"])
def test_what_is_no_export_is_told_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert audit(path)[0] == 2
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("manifest.json", "[]")
    assert audit(path)[0] == 2


def test_auditor_is_short_and_stands_alone() -> None:
    text = AUDITOR.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 250
    assert "import luoshi" not in text
    assert "from luoshi" not in text
    assert Matter.__module__ not in text
