"""The demo as `make demo` builds it: whole, clean, about today, and quick to start again."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PASSWORD = "Abcd-efgh-2345"
FACTS = """
import json, sys
from collections import Counter
from pathlib import Path
from luoshi.web.server import start_django
start_django(Path(sys.argv[1]))
from django.utils import timezone
from luoshi.accounts.models import Account
from luoshi.directives.models import Directive, Edit, Notice
from luoshi.org.models import Unit
from luoshi.work.models import Matter
today = timezone.localdate()
speech, notice = Directive.objects.order_by("pk")
print(json.dumps({
    "units": Counter(Unit.objects.values_list("kind", flat=True)),
    "speech": {"stage": speech.stage, "days": (today - timezone.localdate(speech.confirmed_at)).days,
               "rows": Counter(speech.clauses.values_list("state", flat=True)),
               "became": Counter(speech.clauses.exclude(matter=None).values_list("matter__state", flat=True))},
    "notice": {"stage": notice.stage, "days": (today - timezone.localdate(notice.taken_in_at)).days,
               "rows": Counter(notice.clauses.values_list("state", flat=True)),
               "decided": [row.decided for row in notice.clauses.all() if row.decided]},
    "late": sum(matter.is_open and matter.due is not None and matter.due < today for matter in Matter.objects.all()),
    "registers": Counter(Matter.objects.values_list("register", flat=True)),
    "notices": Notice.objects.count(),
    "future": Edit.objects.filter(at__gt=timezone.now()).count(),
    "passwords": len(set(Account.objects.values_list("password", flat=True))) == Account.objects.count(),
    "opens": Account.objects.get(username="chengdong").check_password(sys.argv[2]),
}))
"""


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LUOSHI_")}
    return clean | {"BIN": str(BIN), "SERVE": "no", "LUOSHI_DEMO_PASSWORD": PASSWORD}


def demo(place: Path) -> str:
    """Run `make demo`'s script as far as the data."""
    done = subprocess.run(
        ["sh", "examples/demo.sh"], cwd=place, env=environment(), check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build the demo once, over what an interrupted building left."""
    folder = tmp_path_factory.mktemp("demo")
    for name in ("examples", "tools"):
        (folder / name).symlink_to(ROOT / name)
    half = folder / "build" / "demo" / "data.new"
    half.mkdir(parents=True)
    (half / "luoshi.sqlite3").write_text("half a database")
    said = demo(folder)
    assert PASSWORD in said
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def facts(place: Path) -> dict[str, Any]:
    data = place / "build" / "demo" / "data"
    done = subprocess.run(
        [sys.executable, "-c", FACTS, str(data), PASSWORD],
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_county_has_its_departments_and_schools(facts: dict[str, Any]) -> None:
    units = facts["units"]
    assert (units["authority"], units["department"]) == (1, 18)
    assert units["centre_school"] + units["school"] + units["kindergarten"] == 60


def test_the_speech_is_confirmed_and_mostly_done(facts: dict[str, Any]) -> None:
    speech = facts["speech"]
    assert speech["stage"] == "confirmed"
    assert speech["days"] > 170
    opened = sum(speech["became"].values())
    assert opened >= 20
    assert speech["rows"] == {"confirmed": opened, "dropped": 1}
    assert opened / 2 < speech["became"]["closed"] < opened
    assert facts["notices"] > 10


def test_the_notice_is_half_reviewed(facts: dict[str, Any]) -> None:
    notice = facts["notice"]
    assert notice["stage"] == "review"
    assert notice["days"] == 13
    assert notice["rows"]["checked"] == 3
    assert notice["rows"]["open"] >= 4
    assert notice["decided"] == [["title", "support"]]


def test_every_register_has_matters_and_some_are_late(facts: dict[str, Any]) -> None:
    assert set(facts["registers"]) == {"task", "problem", "hazard"}
    assert facts["late"] > 0
    assert facts["future"] == 0


def test_accounts_open_with_the_one_password_that_only_the_owner_reads(place: Path, facts: dict[str, Any]) -> None:
    out = place / "build" / "demo"
    assert facts["opens"]
    assert facts["passwords"], "each account has a salt of its own"
    assert PASSWORD in (out / "accounts.txt").read_text(encoding="utf-8")
    assert stat.S_IMODE((out / "accounts.txt").stat().st_mode) == 0o600
    assert PASSWORD not in (out / "data" / "demo.json").read_text(encoding="utf-8")


def test_what_was_built_verifies_clean(place: Path) -> None:
    done = subprocess.run(
        [str(BIN / "luoshi"), "verify", "--data", str(place / "build" / "demo" / "data")],
        env=environment(),
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_a_second_start_is_quick_and_changes_nothing(place: Path) -> None:
    key = place / "build" / "demo" / "data" / "secret.key"
    before = key.read_text()
    begun = time.monotonic()
    said = demo(place)
    assert time.monotonic() - begun < 2
    assert key.read_text() == before
    assert PASSWORD not in said
    assert "accounts.txt" in said


def test_papers_of_another_year_name_no_year_of_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    from examples.demo.papers import moved  # noqa: PLC0415 — from the project's folder

    text = "\n".join(moved(2031))
    assert "2031年2月27日" in text
    assert "到2032年" in text
    assert "2026" not in text


def test_days_of_the_sample_are_written_as_documents_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt  # noqa: PLC0415

    monkeypatch.syspath_prepend(str(ROOT))
    from examples.demo.papers import filled  # noqa: PLC0415 — from the project's folder

    text = "\n".join(filled("样例讲话.txt", dt.date(2026, 11, 22)))
    assert "（2026年11月22日）" in text
    assert "计划财务股牵头，各中心学校配合，12月2日前" in text
    assert "教师发展中心要在2027年1月6日前" in text
    assert "{" not in text
