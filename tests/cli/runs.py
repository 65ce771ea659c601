"""Runs of the command line, inside the test or as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NOTICE = """青禾县教育局关于开展校园安全检查的通知

各学校：

一、重点任务
（一）检查校舍。各学校对校舍逐一检查，建立问题台账。（责任单位：各学校；完成时限：2026年5月20日前）
（二）检查食堂。基础教育股牵头，安全办配合，6月底前完成食堂检查，合格率达到98%以上。

青禾县教育局
2026年4月8日
"""


def environment(**changes: str) -> dict[str, str]:
    """The environment of a run: nothing in it of how whoever runs the tests likes language, screen and buffers."""
    left_out = {"COLUMNS", "LUOSHI_LANGUAGE", "PYTHONUNBUFFERED"}
    kept = {key: value for key, value in os.environ.items() if key not in left_out}
    return kept | {"LUOSHI_LANGUAGE": "zh", "PYTHONIOENCODING": "utf-8"} | changes


def luoshi(
    *arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **changes: str
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "luoshi.cli", *map(str, arguments)]
    return subprocess.run(
        command, input=stdin, capture_output=True, check=False, cwd=cwd, env=environment(**changes), timeout=120
    )


def python(code: str, arguments: Sequence[str] = ()) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, check=True, env=environment(), timeout=120).stdout.decode()
