"""Measures documents becoming work: `python bench/documents.py [MATTERS]` (100,000 unless told), after `bench/web.py`.

On a copy of the installation that `bench/web.py` seeded: a bundle of 55,000 characters from its bytes to the stored
review and its page, an edit, comparing with all open matters, and confirming 30 and 300 rows. Each figure stands beside
its ratio to the plainest Django list in the same run. Exit code 1 where a promise is broken.
"""

from __future__ import annotations

import io
import random
import shutil
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import web  # noqa: E402 — beside this file

if TYPE_CHECKING:
    from django.test import Client

    from luoshi.directives.models import Directive
    from luoshi.org.policy import Actor

SIZE: Final = 55_000
"""Characters of the bundle: the speeches of one conference."""

EDITS: Final = 9
READ_S: Final = 4.0
"""From bytes to the page of the review."""
EDIT_MS: Final = 100.0
COMPARE_S: Final = 3.0
"""Some 300 rows with 100,000 open matters."""

_WHO: Final = [f"第{number}科" for number in range(1, 21)]
_WHERE: Final = ["全市中小学", "农村小学", "寄宿制学校", "公办幼儿园", "民办学校", "城区初中", "职业学校", "教学点"]
_WHAT: Final = (
    "校舍", "食堂", "校车", "操场", "实验室", "图书馆", "学生宿舍", "厕所", "围墙", "供暖管道", "直饮水",
    "消防通道", "视频监控", "报警装置", "燃气管道", "电气线路", "学籍档案", "教辅用书", "课后服务", "营养餐",
    "资助资金", "心理辅导室", "近视防控", "体质监测", "劳动基地", "研学线路", "家长学校", "阅读角", "艺术社团",
    "科技馆", "名师工作室", "教师周转房", "送教上门", "实训车间", "校园网络",
)  # fmt: skip
_DO: Final = (
    "隐患排查", "设施更新", "档案整理", "标准修订", "质量评估", "专项检查", "日常巡查", "问题整改", "人员培训",
    "应急演练", "信息公示", "台账登记", "设备维修", "经费核算", "数据核对", "方案制定",
)  # fmt: skip
_SAID: Final = (
    "这项工作关系千家万户，群众看在眼里，我们要放在心上。",
    "过去几年的经验说明，事情能不能办成，关键看有没有人一抓到底。",
    "去年我市在这方面下了不少功夫，也走过一些弯路。",
    "有的学校动作快、底数清，有的学校还停留在开会发文上。",
    "大家要算大账、算长远账，不要只看眼前。",
    "家长把孩子送到学校，图的就是一个放心，这份信任比什么都金贵。",
    "从各地的情况看，办法总比困难多，怕的是不肯动脑筋。",
    "说到底，教育是一棵树摇动另一棵树的事业，急不得，也等不得。",
    "这些年大家都很辛苦，许多同志带病坚持在一线，我心里是清楚的。",
)


def main(count: int) -> int:
    """Print every figure; return 1 where a promise is broken."""
    folder = ROOT / "build" / "bench" / "documents"
    copied(ROOT / "build" / "bench" / str(count), folder)
    try:
        web.start(folder, count)
        plain = web.median(web.plain_list)
        print(f"plainest Django list of 50 rows: {plain:.1f} ms ({web.load()})")
        return 0 if all(list(measured(count, plain))) else 1
    finally:
        shutil.rmtree(folder)


def copied(seeded: Path, folder: Path) -> None:
    """Copy the seeded installation: what is confirmed here must not be there the next time."""
    if not (seeded / "luoshi.sqlite3").exists():
        raise SystemExit(f"{seeded} is not there: run bench/web.py first, it seeds the matters.")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(seeded, folder)


def bundle() -> str:
    """Return the speeches of one conference: an outline, some 340 demands, and what is said between them."""
    chance = random.Random(11)  # noqa: S311 — the same text every time, nothing secret
    parts: list[str] = []
    speech = 0
    while sum(map(len, parts)) < SIZE:
        speech += 1
        parts.append(f"在云岭市教育工作会议上的讲话之{speech}\n（2026年3月2日）\n同志们：\n一、今年的重点任务\n")
        parts += [_point(number, chance) for number in range(1, 11)]
    return "".join(parts)[:SIZE]


def _point(number: int, chance: random.Random) -> str:
    demands = "".join(_demand(chance) for _ in range(2))
    said = "".join(chance.sample(_SAID, 7))
    return f"（{'一二三四五六七八九十'[number - 1]}）抓好{chance.choice(_WHAT)}\n{said}{demands}\n"


def _demand(chance: random.Random) -> str:
    lead, other = chance.sample(_WHO, 2)
    what, also = chance.sample(_WHAT, 2)
    return (
        f"{lead}牵头，{other}配合，2027年{chance.randint(1, 12)}月底前"
        f"完成{chance.choice(_WHERE)}{what}{chance.choice(_DO)}，"
        f"同步开展{also}{chance.choice(_DO)}，覆盖率达到{chance.randint(60, 100)}%以上。"
    )


def measured(count: int, plain: float) -> Iterator[bool]:
    """Measure one step after another; what each leaves behind is what the next one works on."""
    from django.utils import timezone  # noqa: PLC0415 — settings first

    from luoshi.directives import similar  # noqa: PLC0415
    from luoshi.org.models import Person  # noqa: PLC0415
    from luoshi.org.policy import actor_of  # noqa: PLC0415

    by = actor_of(Person.objects.get(staff_no="supervisor"), timezone.localdate())
    client = web.signed_in("supervisor")
    taken("云岭市工作方案\n一、任务\n第1科负责，6月底前完成校舍排查。\n", by)  # what is loaded once is loaded now
    directive, read = timed(lambda: taken(bundle(), by))
    rows = directive.clauses.count()
    address = f"/directives/{directive.pk}/review/"
    queries = web.asked(client, address)
    page = web.median(lambda: web.fetched(client, address))
    yield told(f"{SIZE:,} characters, bytes to review", read * 1000, plain, f"{rows} rows")
    yield told(f"page of {rows} rows", page, plain, f"{queries} queries")
    yield told("bytes to the page of the review", read * 1000 + page, plain, most=READ_S * 1000)
    yield told("an edit of a figure", edits(client, directive, "due", "2027-11-{0:02}"), plain, most=EDIT_MS)
    words = "第{0}科负责，完成校车隐患排查并登记第{0}批台账"
    yield told("an edit of words, compared anew", edits(client, directive, "requirement", words), plain, most=EDIT_MS)
    _nothing, took = timed(lambda: similar.compare(directive))
    most = COMPARE_S * 1000 if count <= 100_000 else None
    yield told(f"{rows} rows with {count:,} matters", took * 1000, plain, most=most)
    for number in (30, 300):
        yield confirmed(directive, by, number, plain)


def told(what: str, ms: float, plain: float, more: str = "", *, most: float | None = None) -> bool:
    """Print one figure; tell whether it keeps its promise, where there is one."""
    fine = most is None or ms <= most
    promise = "" if most is None else f"at most {most:.0f} ms: {'kept' if fine else 'BROKEN'}"
    print(f"{what:<40} {ms:8.1f} ms  {ms / plain:7.1f} times the plain list  {more or promise}")
    return fine


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """Return what came of it and how long it took, in seconds."""
    begin = time.perf_counter()
    done = act()
    return done, time.perf_counter() - begin


def taken(text: str, by: Actor) -> Directive:
    """Take a text in as a file and read it, as the process beside the server does."""
    from luoshi.directives.actions.taking_in import take_in  # noqa: PLC0415 — settings first
    from luoshi.directives.understanding import understand  # noqa: PLC0415

    directive = take_in(io.BytesIO(text.encode()), by=by, name="讲话汇编.txt", operation=uuid.uuid4(), again=True)
    understand(directive.pk)
    directive.refresh_from_db()
    if directive.stage != "review":
        raise SystemExit(f"not read: {directive.stage} {directive.failure}")
    return directive


def edits(client: Client, directive: Directive, name: str, value: str) -> float:
    """Edit one row after another as the page's script does; return the median time in the server, in milliseconds."""
    rows = iter(directive.clauses.order_by("number")[: EDITS + 1])
    number = iter(range(1, EDITS + 2))

    def edit() -> None:
        row = next(rows)
        data = {
            "operation": str(uuid.uuid4()),
            "seen": f"{row.uid}:{row.version}",
            "since": str(directive.edits.count()),
            name: value.format(next(number)),
        }
        answer = client.post(
            f"/directives/{directive.pk}/clauses/{row.uid}/edit/", data, headers={"X-Luoshi-Script": "1"}
        )
        if answer.status_code != 200 or not answer.json().get("rows"):
            raise SystemExit(f"the edit was refused: {answer.status_code} {answer.content.decode()[:300]}")

    return web.median(edit)


def confirmed(directive: Directive, by: Actor, number: int, plain: float) -> bool:
    """Confirm so many rows: matters are opened and assigned, units get their notices."""
    from luoshi.directives.actions.confirming import confirm  # noqa: PLC0415 — settings first
    from luoshi.directives.readiness import readiness  # noqa: PLC0415

    chosen = [row.clause.uid for row in readiness(directive, by).rows if row.opening is not None][:number]
    done, took = timed(lambda: confirm(directive, by=by, operation=uuid.uuid4(), clauses=chosen))
    more = f"{done.opened} matters, {len(done.notices)} notices"
    return told(f"confirming {number} rows", took * 1000, plain, more) and done.opened == number


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
