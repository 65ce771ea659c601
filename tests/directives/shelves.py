"""Documents under review in a running installation: `python shelves.py FOLDER NAME…` takes them in and prints their ids.

`speech` is thirty demands with nothing wrong; `long` three hundred rows; `empty` a text without any demand; `meeting`
the one of `making`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from luoshi.directives.models import Directive

__all__ = ["EMPTY", "long_text", "put", "speech_text"]

_HERE: Final = Path(__file__).parent
_WHAT: Final = (
    "校舍安全隐患排查", "食堂留样检查", "校车线路核定", "课后服务收费公示", "实验室危化品清点", "图书馆藏书更新",
    "心理辅导室建设", "体育器材补充", "饮用水水质检测", "宿舍消防改造", "教师培训方案制定", "学籍信息核对",
    "资助名单复核", "控辍保学台账更新", "校园网络改造", "厕所改造工程", "操场塑胶检测", "护学岗安排", "近视防控筛查",
    "劳动基地建设", "少年宫课程开发", "营养餐采购公示", "教辅材料清理", "手机管理办法修订", "班主任津贴核定",
    "空调设备安装", "校园监控联网", "特殊教育送教安排", "幼小衔接教研", "毕业班质量分析",
)  # fmt: skip
_WHO: Final = ("基教科", "安全科", "槐树镇中心学校", "青禾第一中学", "槐树镇第一小学")
EMPTY: Final = "教育是民生之基。\n同志们，让我们一起努力。\n"


def speech_text(number: int = 30) -> str:
    """Return a speech with so many demands, each with who leads and by when."""
    lines = [
        "在云岭市教育工作推进会上的讲话",
        "（2026年3月2日）",
        "一、过去一年的工作",
        "去年新建幼儿园3所。",
        "二、今年的重点任务",
    ]
    for place in range(number):
        work = _WHAT[place % len(_WHAT)]
        part = f"第{place // len(_WHAT) + 1}批" if number > len(_WHAT) else ""
        month = 4 + place % 8
        lines.append(f"{_WHO[place % len(_WHO)]}牵头，{month}月底前完成{part}{work}。")
    return "\n".join([*lines, "教育是民生之基。", ""])


def long_text() -> str:
    """Return a document of three hundred rows."""
    return speech_text(300)


def put(folder: Path, environment: Mapping[str, str], *names: str) -> dict[str, int]:
    """Take documents in, in a process of its own as a running installation wants it; return their ids by name."""
    command = [sys.executable, str(_HERE / "shelves.py"), str(folder), *names]
    done = subprocess.run(command, env={**environment}, check=True, capture_output=True, text=True)
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def _take_in(folder: Path, names: list[str]) -> dict[str, int]:
    from luoshi.web.server import start_django  # noqa: PLC0415 — settings first

    start_django(folder)
    from cast import Cast  # noqa: PLC0415 — as above
    from directives.making import MEETING, taken_in  # noqa: PLC0415 — as above
    from luoshi.org.models import Person, Unit  # noqa: PLC0415 — as above

    people = {row.staff_no: row for row in Person.objects.all()}
    cast = Cast({row.code: row for row in Unit.objects.all()}, people)
    texts = {"speech": speech_text(), "long": long_text(), "empty": EMPTY, "meeting": MEETING}
    made: dict[str, Directive] = {}
    for number, name in enumerate(names):
        made[name] = taken_in(cast, f"{texts[name.split(':')[0]]}（第{number + 1}稿）\n")
    return {name: row.pk for name, row in made.items()}


if __name__ == "__main__":
    print(json.dumps(_take_in(Path(sys.argv[1]), sys.argv[2:])))  # noqa: T201 — read by `put`
