"""What an operator wants to know of an installation, and what to do about what is wrong. Reads; changes nothing."""

from __future__ import annotations

import datetime as dt
import os
import platform
import shutil
import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from luoshi.directives.enums import Stage
from luoshi.directives.models import Directive
from luoshi.ledger.models import Record
from luoshi.org.enums import Role
from luoshi.org.models import Post
from luoshi.org.told import language_now
from luoshi.web.background import alone
from luoshi.web.installation import Installation
from luoshi.work import registers
from luoshi.work.models import Event, Evidence, Seal

__all__ = ["Reading", "examine"]

_LITTLE: Final = 2 * 1024**3
_VERY_LITTLE: Final = 200 * 1024**2
_UNSEALED: Final = dt.timedelta(days=2)
_WAITING: Final = dt.timedelta(minutes=10)


class Reading(NamedTuple):
    """One thing looked at: its name, what was found, how that is (`good`, `warn`, `bad`), and what to do about it."""

    name: str
    found: str
    state: str = "good"
    remedy: str = ""


def examine() -> list[Reading]:
    """Look at everything, in the order in which an operator would."""
    installation: Installation = settings.INSTALLATION
    return [
        _program(),
        *_database(installation),
        _room_left(installation.data),
        _folder(installation.data),
        _evidence(),
        *_registers(),
        _seals(),
        _background(installation.data),
        _clock(),
        *_administrators(),
    ]


def _program() -> Reading:
    parts = f"Luoshi {version('luoshi')} · Django {django.__version__} · Python {platform.python_version()}"
    return Reading(_("程序"), parts)


def _database(installation: Installation) -> Iterator[Reading]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA journal_mode")
            journal = cursor.fetchone()[0]
            cursor.execute("PRAGMA synchronous")
            safe = journal == "wal" and cursor.fetchone()[0] == 2
            size = _size(Path(str(connection.settings_dict["NAME"])))
            found = f"SQLite {sqlite3.sqlite_version} · {_bytes(size)} · {journal}"
            remedy = "" if safe else _("日志模式或同步级别不是出厂设置，断电时可能丢数据：请重启服务。")
            yield Reading(_("数据库"), found, "good" if safe else "bad", remedy)
        else:
            cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
            number, size = cursor.fetchone()
            yield Reading(_("数据库"), f"PostgreSQL {number} · {_bytes(size)}")
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    found = _("是最新的") if not missing else _("差 %(count)d 步") % {"count": missing}
    remedy = _("请停下服务，运行 luoshi setup。") if missing else ""
    yield Reading(_("数据库结构"), found, "bad" if missing else "good", remedy)
    yield Reading(_("数据文件夹"), str(installation.data))


def _room_left(data: Path) -> Reading:
    free = shutil.disk_usage(data).free
    state = "bad" if free < _VERY_LITTLE else "warn" if free < _LITTLE else "good"
    remedy = "" if state == "good" else _("磁盘快满了：请清理磁盘，或把数据文件夹移到更大的磁盘。")
    return Reading(_("磁盘剩余"), _bytes(free), state, remedy)


def _folder(data: Path) -> Reading:
    if os.name != "posix":
        return Reading(_("文件夹权限"), _("这个系统上不检查"))
    open_to_others = [
        path.name for path in (data, data / "secret.key") if path.exists() and path.stat().st_mode & 0o077
    ]
    if open_to_others:
        remedy = _("请运行 chmod go-rwx，使别人读不到。")
        return Reading(_("文件夹权限"), "、".join(open_to_others), "warn", remedy)
    return Reading(_("文件夹权限"), _("只有服务自己能读"))


def _evidence() -> Reading:
    count = Evidence.objects.count()
    size = Evidence.objects.aggregate(size=Sum("size"))["size"] or 0
    return Reading(_("佐证材料"), _("%(count)s 份，%(size)s") % {"count": number_format(count), "size": _bytes(size)})


def _registers() -> Iterator[Reading]:
    language = language_now()
    known = (f"{register.title.in_(language)} v{register.version}" for register in registers.current_all())
    yield Reading(pgettext("all", "台账"), " · ".join(known))
    for problem in registers.problems():
        yield Reading(
            _("台账文件"), str(problem), "warn", _("改好后运行 luoshi setup 或重启服务；在此之前沿用上一版。")
        )


def _seals() -> Reading:
    last = Seal.objects.aggregate(day=Max("day"))["day"]
    first = Event.objects.order_by("at").values_list("at", flat=True).first()
    if first is None:
        return Reading(_("封存"), _("还没有事件"))
    since = last or timezone.localtime(first).date() - dt.timedelta(days=1)
    late = timezone.localdate() - since > _UNSEALED
    found = _("封存到 %(day)s") % {"day": last} if last else _("从未封存")
    return Reading(_("封存"), found, "warn" if late else "good", _("请每天运行 luoshi seal。") if late else "")


def _background(data: Path) -> Reading:
    """Tell whether documents are being read, how many wait, and for how long the first of them has."""
    waiting = Directive.objects.filter(stage__in=(Stage.WAITING, Stage.READING))
    first = waiting.order_by("pk").values_list("taken_in_at", flat=True).first()
    with alone(data, wait=False) as nobody:
        idle = nobody
    name = _("文件读取")
    if first is None:
        found, state = _("没有文件在等"), "warn" if idle else "good"
    else:
        since = timezone.localtime(first).strftime("%Y-%m-%d %H:%M")
        found = _("%(count)d 份在等，最早从 %(since)s 起") % {"count": waiting.count(), "since": since}
        state = "bad" if idle else "warn" if timezone.now() - first > _WAITING else "good"
    if idle:
        return Reading(name, found, state, _("读取文件的程序没有运行：请用 luoshi serve 启动服务。"))
    return Reading(name, found, state, _("等得太久：请看服务的输出，必要时重启服务。") if state == "warn" else "")


def _clock() -> Reading:
    now = timezone.now()
    latest = max(
        (row for row in (_latest(Event), _latest(Record)) if row is not None),
        default=now,
    )
    ahead = latest - now > dt.timedelta(minutes=5)
    remedy = _("记录里有比现在还晚的时间：请校准这台机器的时钟。") if ahead else ""
    return Reading(_("时钟"), timezone.localtime(now).strftime("%Y-%m-%d %H:%M"), "bad" if ahead else "good", remedy)


def _latest(model: type[Event | Record]) -> dt.datetime | None:
    found: dt.datetime | None = model._default_manager.aggregate(at=Max("at"))["at"]  # noqa: SLF001 — Django's documented name
    return found


def _administrators() -> Iterator[Reading]:
    today = timezone.localdate()
    for value in Role.admins:
        role = Role(value)
        posts = Post.objects.filter(role=role, confirmed_at__isnull=False, since__lte=today).exclude(until__lt=today)
        count = posts.count()
        remedy = "" if count else _("请让安全管理员确认一名，或在终端运行 luoshi account create。")
        yield Reading(str(role.label), _("%(count)d 人") % {"count": count}, "good" if count else "warn", remedy)


def _size(path: Path) -> int:
    beside = (path, path.with_name(path.name + "-wal"))
    return sum(file.stat().st_size for file in beside if file.exists())


def _bytes(count: int) -> str:
    for unit, size in (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} B"
