"""Measures the web product: `python bench/web.py [MATTERS]` (100,000 unless told).

Seeds `build/bench/<count>` once, a SQLite installation, then prints for each page the median time in the server, its
queries beside their budget, and the ratio to the plainest Django list over the same table in the same run. After that
eight writers act at once, on that SQLite file and on a throw-away PostgreSQL that flushes every commit, where its
programs are installed. Exit code 1 where a promise is broken.
"""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

ROOT: Final = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

if TYPE_CHECKING:
    from django.test import Client

ROUNDS: Final = 9
MEDIAN_MS: Final = {100_000: 60, 1_000_000: 100}
"""Matters → the most that any page may take, median of the rounds."""

RATES: Final = {"SQLite": 200, "PostgreSQL": 500}
"""Database → acts a second that eight writers must reach."""

ON_POSTGRES: Final = 2_000


class Page(NamedTuple):
    """A page to measure: name, a way to make its address, and the most queries it may ask."""

    name: str
    url: Callable[[], str]
    budget: int


def main(count: int) -> int:
    """Print every figure beside its promise; return 1 where one is broken."""
    folder = ROOT / "build" / "bench" / str(count)
    start(folder, count)
    kept = [*pages(count), writers("SQLite", folder, {}), *on_postgres()]
    return 0 if all(kept) else 1


def start(folder: Path, count: int) -> None:
    """Open the seeded installation; seed it first where it is not there or belongs to another version."""
    from luoshi.web.server import prepare, start_django  # noqa: PLC0415 — settings first

    start_django(folder)
    prepare()
    from luoshi.work.models import Matter  # noqa: PLC0415
    from luoshi.work.planner import get_to_know  # noqa: PLC0415

    if Matter.objects.count() < count:
        import seed  # noqa: PLC0415

        begin = time.perf_counter()
        seed.seed_matters(seed.seed_organisation(), count)
        get_to_know()
        print(f"seeded {count:,} matters in {time.perf_counter() - begin:.0f} s")


def pages(count: int) -> list[bool]:
    """Measure every page as the supervisor, and one as a school's head."""
    most = MEDIAN_MS.get(count, 100)
    office, school = signed_in("supervisor"), signed_in("head-s0007")
    plain = median(plain_list)
    print(f"plainest Django list of 50 rows: {plain:.1f} ms; pages may take {most} ms ({load()})")
    kept = []
    for client, page in [*((office, page) for page in measured()), (school, Page("a school's own list", own, 14))]:
        queries = asked(client, page.url())
        took = median(lambda client=client, page=page: fetched(client, page.url()))  # type: ignore[misc]
        fine = took <= most and queries <= page.budget
        kept.append(fine)
        print(
            f"{page.name:<26} {took:7.1f} ms  {took / plain:5.1f} times the plain list  "
            f"{queries:2} queries of {page.budget}  {'kept' if fine else 'BROKEN'}"
        )
    return kept


def measured() -> Iterator[Page]:
    """Yield the pages; what varies is drawn anew each time, so that no cache answers."""
    chance = random.Random(3)  # noqa: S311 — the same every time, nothing secret
    from luoshi.work.models import Matter  # noqa: PLC0415 — settings first

    last = Matter.objects.order_by("-pk").values_list("pk", flat=True)[0]

    def filtered() -> str:
        return f"/registers/task/?unit=S{chance.randint(1, 1000):04}&light=red&sort=due"

    def searched(words: tuple[str, ...]) -> Callable[[], str]:
        return lambda: f"/search/?q={chance.choice(words)}"

    yield Page("first page", lambda: "/registers/task/", 11)
    yield Page("one unit, open, overdue", filtered, 15)
    yield Page("deep page", deep(signed_in("supervisor")), 11)
    yield Page("a matter", lambda: f"/matters/{chance.randint(1, last)}/", 25)
    yield Page("search, two characters", searched(("学校", "校车", "食堂", "整改", "槐树", "档案")), 13)
    yield Page("search, three characters", searched(("营养餐", "阅读角", "教学楼", "开放日", "报警装")), 13)


def load() -> str:
    """Return how busy the machine is: figures taken beside other work say less."""
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


def own() -> str:
    """Return what a school's head looks at."""
    return "/registers/task/"


def deep(client: Client) -> Callable[[], str]:
    """Return the address of a page far behind the first: the mark of a row in the middle of all matters."""
    from luoshi.work.columns import ORDERS  # noqa: PLC0415 — settings first
    from luoshi.work.models import Matter  # noqa: PLC0415
    from luoshi.work.paging import Order, page_of  # noqa: PLC0415

    known = ORDERS["due"]
    rows = Matter.objects.filter(due__gte=Matter.objects.order_by("-pk")[0].opened_at.date())
    mark = page_of(rows, Order(known.column, nullable=known.nullable), size=50).following
    address = f"/registers/task/?state=all&sort=due&after={mark}"
    if client.get(address).status_code != 200:
        raise SystemExit(f"{address} is no page")
    return lambda: address


def signed_in(username: str) -> Client:
    """Return a browser of somebody."""
    from django.test import Client  # noqa: PLC0415 — settings first

    from luoshi.accounts.models import Account  # noqa: PLC0415

    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(Account.objects.get(username=username), backend="luoshi.org.account_gate.PeopleBackend")
    return client


def fetched(client: Client, url: str) -> None:
    """Fetch a page, all of it."""
    answer = client.get(url)
    if answer.status_code != 200 or not answer.content:
        raise SystemExit(f"{url}: {answer.status_code}")


def plain_list() -> None:
    """Do what a tutorial does: the newest 50 rows into a table, no rights, no lights, no filters."""
    from django.template import engines  # noqa: PLC0415 — settings first

    from luoshi.work.models import Matter  # noqa: PLC0415

    source = "<table>{% for m in rows %}<tr><td>{{ m.number }}<td>{{ m.title }}<td>{{ m.due }}</tr>{% endfor %}</table>"
    engines["django"].from_string(source).render({"rows": Matter.objects.order_by("-pk")[:50]})


def asked(client: Client, url: str) -> int:
    """Return how many queries a page asks once it is warm."""
    from django.db import connection  # noqa: PLC0415 — settings first
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    fetched(client, url)
    with CaptureQueriesContext(connection) as queries:
        fetched(client, url)
    return len(queries)


def median(act: Callable[[], Any]) -> float:
    """Return the median time of several runs, in milliseconds; the first, which warms up, does not count."""
    act()
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        act()
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1000


def writers(name: str, folder: Path, environment: dict[str, str]) -> bool:
    """Let eight writers act for some seconds."""
    import writers as bench  # noqa: PLC0415

    from luoshi.work.models import Matter  # noqa: PLC0415 — settings first

    running = list(Matter.objects.filter(state="assigned").order_by("pk").values_list("pk", flat=True)[:160])
    rate = bench.acts_a_second(folder, environment, seconds=8, matters=running)
    print(f"acts of eight writers, {name}: {rate:.0f} a second (promised: {RATES[name]}; {load()})")
    return bool(rate >= RATES[name])


def on_postgres() -> list[bool]:
    """Do the same on PostgreSQL, in a process of its own, since settings are read once."""
    import subprocess  # noqa: PLC0415

    import postgres  # noqa: PLC0415

    if postgres.programs() is None:
        print("SKIPPED: acts on PostgreSQL (its server is not installed)")
        return []
    url, stop = postgres.start(durable=True)
    try:
        environment = {**os.environ, "LUOSHI_DATABASE_URL": url}
        done = subprocess.run([sys.executable, __file__, "--postgres"], env=environment, check=False)
    finally:
        stop()
    return [done.returncode == 0]


def postgres_only() -> int:
    """Seed a small PostgreSQL installation and let the writers act on it."""
    folder = ROOT / "build" / "bench" / "postgres"
    start(folder, ON_POSTGRES)
    return 0 if writers("PostgreSQL", folder, {}) else 1


if __name__ == "__main__":
    if sys.argv[1:] == ["--postgres"]:
        raise SystemExit(postgres_only())
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
