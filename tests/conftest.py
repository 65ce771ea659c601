"""What every test room shares."""

from __future__ import annotations

import atexit
import datetime as dt
import os
import tempfile
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# Before anything reads the settings: tests never touch an installation of this machine.
_DATA = Path(os.environ.setdefault("LUOSHI_DATA", tempfile.mkdtemp(prefix="luoshi-tests-")))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.web.settings")

# One cluster for the whole run; the workers of a parallel run inherit its address from the first process.
_ON_POSTGRES = os.environ.get("LUOSHI_TEST_DATABASE") == "postgres"
if _ON_POSTGRES and "LUOSHI_TEST_CLUSTER" not in os.environ:
    import postgres

    _url, _stop = postgres.start()
    atexit.register(_stop)
    os.environ["LUOSHI_TEST_CLUSTER"] = os.environ["LUOSHI_DATABASE_URL"] = _url
elif not _ON_POSTGRES:
    os.environ.pop("LUOSHI_DATABASE_URL", None)

from luoshi.drafting.plan import Cadence, Deadline, Label, Labelled, Owner, Plan, Support, Target, Task  # noqa: E402
from luoshi.reading import FoundDate, read  # noqa: E402
from luoshi.words import Words  # noqa: E402

NO_SKIPS = bool(os.environ.get("LUOSHI_NO_SKIPS"))
"""Set where everything that tests need is installed: a test that is skipped there proves nothing, so it fails."""


if TYPE_CHECKING:
    from cast import Cast


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what is about SQLite alone: it is not skipped, there is nothing to test."""
    if _ON_POSTGRES:
        others = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    # An expected failure is reported as skipped too, with `wasxfail`; it has run, so it stays what it is.
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, which LUOSHI_NO_SKIPS forbids: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    if NO_SKIPS and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} was skipped, which LUOSHI_NO_SKIPS forbids: {report.longrepr}"
    return report


@pytest.fixture(autouse=True, scope="session")
def _guards_let_tests_clean_up(django_db_setup: None) -> None:
    """Let a test that commits empty the tables afterwards: append-only tables refuse that to everybody else."""
    from django.db import connection  # noqa: PLC0415 — settings first

    from luoshi.ledger.append_only import guard_sql, unguard_sql  # noqa: PLC0415 — settings first

    flush = connection.ops.execute_sql_flush

    def unguarded(statements: Iterable[str]) -> None:
        with connection.cursor() as cursor:
            for table in APPEND_ONLY:
                for statement in unguard_sql(connection.vendor, table):
                    cursor.execute(statement)
            flush(statements)
            for table in APPEND_ONLY:
                for statement in guard_sql(connection.vendor, table):
                    cursor.execute(statement)

    connection.ops.execute_sql_flush = unguarded  # type: ignore[assignment, method-assign]


@pytest.fixture(autouse=True, scope="session")
def _connections_outlive_answers() -> None:
    """Keep the connection of a test's transaction when a streamed answer is closed, as the test client does for others."""
    from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: PLC0415 — settings first

    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def unless_in_a_transaction(self: BaseDatabaseWrapper) -> None:
        if not self.in_atomic_block:
            close(self)

    BaseDatabaseWrapper.close_if_unusable_or_obsolete = unless_in_a_transaction  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _chinese_first() -> Generator[None]:
    """Let every test begin in Chinese, whatever language a page of the test before was asked for in."""
    from django.utils import translation  # noqa: PLC0415 — settings first

    with translation.override("zh-hans"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """Return everybody: see `tests/cast.py`."""
    from cast import make_cast  # noqa: PLC0415 — settings first

    return make_cast()


APPEND_ONLY = (
    "work_event",
    "work_seal",
    "work_registerversion",
    "ledger_record",
    "directives_edit",
    "directives_notice",
)
"""The tables that only grow."""

SPEECH = """在全县教育工作会议上的讲话
（2026年2月27日）
一、去年工作回顾
去年新建幼儿园3所。
二、今年工作安排
（一）守牢安全底线
县教育局牵头，县住房和城乡建设局配合，6月底前完成校舍排查，整改率达到98.5%以上。
各学校每月开展一次演练，假期结束前报告。
教育是最大的民生。
"""


class _Quoting:
    """Finds words in a text and says where they stand, as fields want it."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __call__(self, words: str) -> tuple[str, int, int]:
        start = self._text.index(words)
        return words, start, start + len(words)


@pytest.fixture(scope="session")
def made_plan() -> Plan:
    """A plan made by hand, with one entry or more of every kind of field; only its reading is real."""
    document = read(SPEECH.encode(), name="讲话.txt")
    quote = _Quoting(SPEECH)
    sentences = [document.quote(sentence.start, sentence.end) for sentence in document.sentences]
    survey = next(index for index, text in enumerate(sentences) if "校舍排查" in text)
    drill = next(index for index, text in enumerate(sentences) if "演练" in text)
    why = Words("依据", "reason")
    path = ("二、今年工作安排", "（一）守牢安全底线")
    first = Task(
        1,
        1,
        document.sentences[survey].start,
        document.sentences[survey].end,
        sentences[survey],
        "完成校舍排查",
        path,
        (survey,),
        owners=(Owner(*quote("县教育局"), why, unit="QH01"),),
        support=(Support(*quote("县住房和城乡建设局"), why),),
        deadlines=(Deadline(*quote("6月底前"), dt.date(2026, 6, 30), why),),
        cadence=(),
        targets=(Target(*quote("98.5%"), ">=", 98.5, "%", "整改率", why),),
        confidence=0.91,
        why=(why,),
    )
    second = Task(
        2,
        1,
        document.sentences[drill].start,
        document.sentences[drill].end,
        sentences[drill],
        "开展演练",
        path,
        (drill,),
        owners=(Owner(*quote("各学校"), why), Owner("安全办", *quote("演练")[1:], why, unit="QH05", implied=True)),
        support=(),
        deadlines=(Deadline(*quote("假期结束前"), None, why),),
        cadence=(Cadence(*quote("每月"), "FREQ=MONTHLY", why),),
        targets=(Target(*quote("一次"), "=", 1.0, "次", "", why),),
        confidence=0.4,
        why=(why,),
    )
    kinds = [_kind(text) for text in sentences]
    labels = tuple(
        Labelled(index, kind, 0.5 if kind is Label.OTHER else 0.9, {survey: 1, drill: 2}.get(index), (why,))
        for index, kind in enumerate(kinds)
    )
    return Plan(document, FoundDate(dt.date(2026, 2, 27), None, None, why), labels, (first, second))


def _kind(sentence: str) -> Label:
    kinds = {"去年新建": Label.ACHIEVEMENT, "牵头": Label.TASK, "演练": Label.TASK, "民生": Label.OTHER}
    return next((kind for words, kind in kinds.items() if words in sentence), Label.HEADING)
