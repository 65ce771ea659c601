"""The commands of an installation, run as an operator runs them: in processes of their own, on a folder of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import pytest

import luoshi
from luoshi.cli.outcome import Exit

AUDITOR = Path(luoshi.__file__).parent / "auditor.py"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command in Chinese, without a terminal."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LUOSHI_", "DJANGO_"))} | {
        "LUOSHI_DATA": str(folder),
        "LUOSHI_LANGUAGE": "zh",
    }
    command = [sys.executable, "-m", "luoshi.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("installation") / "data"
    done = run(made, "setup")
    assert (done.returncode, done.stderr) == (0, "")
    return made


def test_setup_makes_a_folder_that_only_its_owner_can_read(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir() if not path.name.startswith("luoshi.sqlite3-")) == [
        "evidence",
        "luoshi.sqlite3",
        "registers",
        "secret.key",
    ]
    assert [path.stat().st_mode & 0o077 for path in (folder, folder / "secret.key")] == [0, 0]


def test_setup_does_nothing_the_second_time(folder: Path) -> None:
    key = (folder / "secret.key").read_text()
    done = run(folder, "setup")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (folder / "secret.key").read_text() == key


def test_a_folder_that_cannot_be_made_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    done = run(tmp_path / "file" / "data", "setup")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (Exit.UNWRITABLE, "", 1)
    assert "--data" in done.stderr


def test_a_database_address_that_is_none_is_refused(tmp_path: Path) -> None:
    environment = os.environ | {"LUOSHI_DATA": str(tmp_path / "d"), "LUOSHI_DATABASE_URL": "mysql://x/y"}
    command = [sys.executable, "-m", "luoshi.cli", "setup"]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (Exit.MISUSED, "", 1)


def test_a_new_installation_verifies_and_its_export_convinces_the_auditor(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "seal").returncode == 0
    verified = run(folder, "verify")
    assert (verified.returncode, verified.stdout.splitlines()[-1]) == (0, "✓ 全部相符。")
    target = tmp_path / "record.zip"
    assert run(folder, "export-record", str(target)).returncode == 0
    audited = subprocess.run([sys.executable, str(AUDITOR), str(target)], capture_output=True, text=True, check=False)
    assert audited.returncode == 0, audited.stdout


def test_a_tampered_export_does_not_convince_the_auditor(folder: Path, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    assert run(folder, "export-record", str(good)).returncode == 0
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("records"):
                rows = [json.loads(line) for line in content.decode().splitlines()]
                rows[0]["content"]["actor"]["name"] = "别人"
                content = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
            target.writestr(name, content)
    audited = subprocess.run([sys.executable, str(AUDITOR), str(bad)], capture_output=True, text=True, check=False)
    assert audited.returncode == 1


def test_an_unknown_matter_cannot_be_verified(folder: Path) -> None:
    done = run(folder, "verify", "督办〔1999〕1号")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (Exit.MISUSED, "", 1)


def test_server_answers_says_how_to_begin_and_stops_when_told(folder: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LUOSHI_", "DJANGO_"))}
    server = subprocess.Popen(
        [sys.executable, "-m", "luoshi.cli", "serve", "--data", str(folder), "--port", str(port), "--language", "en"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == f"Luoshi is up at http://127.0.0.1:{port}/ (Ctrl-C stops it)\n"
        assert answer(f"http://127.0.0.1:{port}/alive/") == (200, "ok\n")
        status, page = answer(f"http://127.0.0.1:{port}/")
        assert (status, 'name="login"' in page) == (200, True)
        taken = run(folder, "serve", "--port", str(port))
        assert (taken.returncode, taken.stderr.count("\n")) == (Exit.UNWRITABLE, 1)
    finally:
        server.send_signal(signal.SIGTERM)
        _out, err = server.communicate(timeout=60)
    assert "luoshi account create" in err
    assert server.returncode == 0


def answer(url: str) -> tuple[int, str]:
    """Fetch a page, once the worker is there."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(url, timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
