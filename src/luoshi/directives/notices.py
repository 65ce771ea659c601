"""Notices (交办通知): by what a unit is told its rows of a document, and the files that are made of it.

A notice is frozen when it is issued: later changes of a matter, a unit's name or a document's title leave it as it was.
Its words are Chinese whoever reads the page, as those of every official document.
"""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final
from uuid import UUID

from django.db.models import QuerySet

from luoshi.directives.models import Clause, Directive, Notice
from luoshi.directives.readiness import Opening
from luoshi.gongwen import Cell, Column, NoticeText, Sheet, write_docx_notice, write_xlsx
from luoshi.gongwen.package import UNDATED
from luoshi.org.collectives import Collectives, collectives
from luoshi.org.enums import Role, Side, UnitKind
from luoshi.org.models import Unit
from luoshi.org.policy import Actor, visible
from luoshi.work.evidence.names import safe_name
from luoshi.work.models import Matter
from luoshi.work.registers import Register

__all__ = [
    "SIDES",
    "Opened",
    "docx_of",
    "file_name",
    "for_actor",
    "in_order",
    "issue",
    "share_of",
    "text_of",
    "xlsx_of",
    "zip_of",
]

SIDES: Final = {Side.LEAD.value: "牵头", Side.SUPPORT.value: "配合"}
_SIGNS: Final = {">=": "≥", "<=": "≤", "=": ""}
_IN_MEMORY: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """A row and the matter that it became; `changed` where the units were told of the matter before."""

    clause: Clause
    opening: Opening
    matter: Matter
    quote: str
    changed: bool = False


# Issuing.


def issue(  # noqa: PLR0913 — who tells whom of what, when, and by which confirmation
    directive: Directive,
    rows: Sequence[Opened],
    *,
    by: Actor,
    register: Register,
    operation: UUID,
    at: dt.datetime,
    day: dt.date,
    number: str = "",
) -> list[Notice]:
    """Write one notice to every unit that leads or supports one of the rows, in the order of the tree of units.

    Inside the caller's transaction. `number` is the notice's own, as the office gave it; none is made up.
    """
    units: dict[int, Unit] = {}
    parts: dict[int, list[dict[str, Any]]] = {}
    many = collectives()
    for row in rows:
        told = _row(row, many)
        for unit, side in ((row.opening.lead, Side.LEAD), *((one, Side.SUPPORT) for one in row.opening.support)):
            units[unit.pk] = unit
            parts.setdefault(unit.pk, []).append({**told, "side": side.value})
    issuer = _issuer(by)
    notices = [
        Notice(
            directive=directive,
            unit=unit,
            operation=operation,
            issued_at=at,
            issued_by_id=by.person_id,
            head=_head(directive, unit, parts[unit.pk], issuer, register, day, number),
            rows=parts[unit.pk],
        )
        for unit in sorted(units.values(), key=lambda unit: unit.path)
    ]
    return list(Notice.objects.bulk_create(notices, batch_size=100))


def _helpers(opening: Opening, many: Collectives) -> list[str]:
    """Return who helps, a long list in few words; notices are written in Chinese."""
    return [one.in_("zh") for one in many.told([unit.code for unit in opening.support], without=opening.lead.code)]


def _row(row: Opened, many: Collectives) -> dict[str, Any]:
    opening, matter = row.opening, row.matter
    return {
        **({"changed": True} if row.changed else {}),
        "matter": matter.pk,
        "number": matter.number,
        "title": matter.title,
        "requirement": matter.requirement,
        "quote": row.quote,
        "lead": opening.lead.name,
        "support": [*_helpers(opening, many), *opening.helpers],
        "due": None if matter.due is None else matter.due.isoformat(),
        "targets": "；".join(_figure(one) for one in opening.targets),
        "cadence": opening.cadence,
    }


def _figure(target: Mapping[str, Any]) -> str:
    sign = _SIGNS.get(target["op"], target["op"])
    return f"{target.get('of') or ''}{sign}{target['value']}{target.get('unit') or ''}"


def _issuer(by: Actor) -> str:
    """Return the authority in whose name the notice goes out: the nearest above the post that confirms."""
    post = next((post for post in by.posts if post.role is Role.SUPERVISOR), None)
    above = Unit.objects.none() if post is None else Unit.objects.filter(path__in=_paths(post.unit.path))
    chain = list(above.order_by("-path")) or list(Unit.objects.filter(depth=1).order_by("path")[:1])
    authority = next((unit for unit in chain if unit.kind == UnitKind.AUTHORITY), chain[-1] if chain else None)
    return "" if authority is None else str(authority.name)


def _paths(path: str) -> list[str]:
    return [path[:end] for end in range(Unit.steplen, len(path) + 1, Unit.steplen)]


def _head(  # noqa: PLR0913, PLR0917 — what a notice says above its table
    directive: Directive,
    unit: Unit,
    rows: Sequence[dict[str, Any]],
    issuer: str,
    register: Register,
    day: dt.date,
    number: str,
) -> dict[str, Any]:
    title = str(directive).replace("《", "〈").replace("》", "〉")
    named = f"《{title}》（{directive.number}）" if directive.number else f"《{title}》"
    return {
        "issuer": issuer,
        "number": number,
        "title": f"关于{_purpose(rows)}《{title}》任务的通知",
        "addressee": unit.name,
        "paragraphs": _paragraphs(named, rows, register),
        "day": day.isoformat(),
        "document": {
            "title": str(directive),
            "number": directive.number,
            "date": None if directive.date is None else directive.date.isoformat(),
        },
        "programme": "" if directive.programme is None else directive.programme.name,
    }


def _purpose(rows: Sequence[dict[str, Any]]) -> str:
    """Return what a notice does with its rows: tells of new ones, of changed ones, or of both."""
    changed = sum("changed" in row for row in rows)
    if not changed:
        return "交办"
    return "调整" if changed == len(rows) else "交办和调整"


def _paragraphs(named: str, rows: Sequence[dict[str, Any]], register: Register) -> list[str]:
    leads = sum(row["side"] == Side.LEAD.value for row in rows)
    supports = len(rows) - leads
    shares = "、".join(f"{word}{count}项" for word, count in (("牵头", leads), ("配合", supports)) if count)
    fresh = [row for row in rows if "changed" not in row]
    signing = f"在{register.accept_within_days}个工作日内签收" if register.accept_within_days else "及时签收"
    to_lead = any(row["side"] == Side.LEAD.value for row in fresh)
    asked = f"牵头任务请{signing}，明确经办人，按完成时限办理，及时反馈进展，办结后报结。" if to_lead else ""
    helped = "配合任务请主动对接牵头单位，按要求做好配合。" if supports else ""
    altered = len(rows) - len(fresh)
    anew = "已经交办、这次有调整的任务，请以本通知为准继续办理。" if altered else ""
    return [_opening_words(named, len(rows), altered, shares), asked + helped + anew]


def _opening_words(named: str, count: int, altered: int, shares: str) -> str:
    if altered == count:
        return f"{named}对已交办的任务作了修改，现将涉及你单位的{count}项任务作相应调整（{shares}），详见附件。"
    told = f"为抓好{named}的落实，现将涉及你单位的{count}项任务交办给你们（{shares}）"
    return f"{told}，其中{altered}项是对已交办任务的调整，详见附件。" if altered else f"{told}，详见附件。"


# Whose.


def for_actor(actor: Actor) -> QuerySet[Notice]:
    """Return the notices to the units that somebody heads or works for as an officer, newest first."""
    units = {post.unit.id for post in actor.posts if post.role in {Role.HEAD, Role.OFFICER}}
    mine = Notice.objects.filter(unit__in=units).select_related("directive", "unit")
    return visible(actor, mine, "notice.see").order_by("-issued_at", "-pk")


# Files.


def text_of(notice: Notice, *, number: str = "") -> NoticeText:
    """Return a notice as it is written out; a `number` that was given to it later stands where it had none."""
    head = notice.head
    return NoticeText(
        issuer=head["issuer"],
        title=head["title"],
        addressee=head["addressee"],
        paragraphs=[one for one in head["paragraphs"] if one],
        day=dt.date.fromisoformat(head["day"]),
        table=_letter_table(notice),
        number=head["number"] or number,
    )


def docx_of(notice: Notice, *, number: str = "") -> bytes:
    """Return a notice as a document in the official layout; the same notice gives the same bytes."""
    target = io.BytesIO()
    write_docx_notice(text_of(notice, number=number), target)
    return target.getvalue()


def xlsx_of(notice: Notice) -> bytes:
    """Return a notice's rows as a workbook; the same notice gives the same bytes."""
    columns = (
        Column("place", "序号", 6, align="center"),
        Column("number", "编号", 18),
        Column("title", "工作任务", 30),
        Column("requirement", "工作要求", 50),
        Column("quote", "原文", 50),
        Column("side", "职责", 8, align="center"),
        Column("lead", "牵头单位", 18),
        Column("support", "配合单位", 22),
        Column("due", "完成时限", 14, align="center"),
        Column("targets", "目标", 18),
        Column("cadence", "周期", 10),
    )
    rows: list[list[Cell]] = [
        [
            place,
            *(row["number"], row["title"], row["requirement"], row["quote"], share_of(row)),
            *(row["lead"], "、".join(row["support"]), _day(row), row["targets"], row["cadence"]),
        ]
        for place, row in enumerate(in_order(notice), 1)
    ]
    target = io.BytesIO()
    title = _table_title(notice)
    sheet = Sheet("任务清单", columns, rows, title=title, source=f"来源：{notice.head['document']['title']}")
    write_xlsx([sheet], target, title=title)
    return target.getvalue()


def _letter_table(notice: Notice) -> Sheet:
    """Return the attachment: what fits across a page, with figures and rhythm beside the demand."""
    columns = (
        Column("place", "序号", 6, align="center"),
        Column("title", "工作任务", 26),
        Column("requirement", "工作要求", 56),
        Column("side", "职责", 8, align="center"),
        Column("lead", "牵头单位", 16),
        Column("support", "配合单位", 18),
        Column("due", "完成时限", 16, align="center"),
    )
    rows: list[list[Cell]] = [
        [
            place,
            f"{row['title']}\n（{row['number']}）",
            _demand(row),
            share_of(row),
            row["lead"],
            "、".join(row["support"]),
            _day(row),
        ]
        for place, row in enumerate(in_order(notice), 1)
    ]
    return Sheet("任务清单", columns, rows, title=_table_title(notice))


def in_order(notice: Notice) -> Iterator[dict[str, Any]]:
    """Yield the rows that the unit leads, then those that it supports, each in the order of the document."""
    for side in SIDES:
        yield from (row for row in notice.rows if row["side"] == side)


def share_of(row: Mapping[str, Any]) -> str:
    """Return what of a row is the unit's, in words; a row that changes what was told before is marked."""
    return SIDES[row["side"]] + ("（调整）" if "changed" in row else "")


def _demand(row: dict[str, Any]) -> str:
    words = row["requirement"] or row["quote"]
    more = [
        f"{label}：{row[name]}"
        for name, label in (("targets", "目标"), ("cadence", "周期"))
        if row[name] and row[name] not in words
    ]
    return "\n".join([words, *more])


def _day(row: dict[str, Any]) -> dt.date | str:
    return dt.date.fromisoformat(row["due"]) if row["due"] else ""


def _table_title(notice: Notice) -> str:
    return f"{notice.head['addressee']}任务清单"


def file_name(notice: Notice, ending: str) -> str:
    """Return the name under which a notice is downloaded: whom it is to, and when it was issued."""
    return safe_name(f"交办通知-{notice.head['addressee']}-{notice.head['day']}.{ending}")


def zip_of(notices: Iterable[Notice], *, number: str = "") -> IO[bytes]:
    """Return an archive with every notice as document and as workbook, at its beginning; equal notices, equal bytes.

    Larger ones lie in a temporary file, which is gone once it is closed.
    """
    target = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 — the caller closes it
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as packed:  # office files are packed already
        for place, notice in enumerate(notices, 1):
            for ending, content in (("docx", docx_of(notice, number=number)), ("xlsx", xlsx_of(notice))):
                member = zipfile.ZipInfo(f"{place:03}-{file_name(notice, ending)}", UNDATED.timetuple()[:6])
                member.external_attr, member.create_system = 0o600 << 16, 0
                packed.writestr(member, content)
    target.seek(0)
    return target
