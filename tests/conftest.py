"""What every test room shares."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest

NO_SKIPS = bool(os.environ.get("LUOSHI_NO_SKIPS"))
"""Set where everything that tests need is installed: a test that is skipped there proves nothing, so it fails."""


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
