"""Acts that are words: urge, escalate, instruct, comment."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luoshi.org.models import Unit
from luoshi.work.actions.case import Case
from luoshi.work.actions.people import open_unit
from luoshi.work.actions.table import does
from luoshi.work.actions.values import text, wrong
from luoshi.work.enums import Act
from luoshi.work.errors import UnmetError
from luoshi.work.fold import unit_ref

__all__: list[str] = []


@does(Act.URGE)
def urge(case: Case, *, note: str = "") -> None:
    """Remind those who have the matter; it is counted."""
    case.put(urged=case.matter.urged + 1)
    case.tell(note=text(note, "note", most=1000))


def _something_above(case: Case) -> None:
    if _next_above(case) is None:
        raise UnmetError(case.act, [_("已经提级到最上一级。")])


@does(Act.ESCALATE, ready=_something_above)
def escalate(case: Case, *, why: str = "", unit: Unit | None = None) -> None:
    """Bring the matter before a unit above the lead unit: the one named, else the next one up."""
    words = text(why, "why", most=1000, required=True)
    above = _next_above(case) if unit is None else open_unit(unit, "unit", case.today)
    lead = case.matter.lead
    if above is None or lead is None or above.pk == lead.pk or not lead.path.startswith(above.path):
        wrong("unit", _("请选择牵头单位的上级单位。"), "not_above")
    if above.pk == case.matter.escalated_to_id:
        wrong("unit", _("已经提级到“%(unit)s”。"), "unchanged", unit=above.name)
    case.put(escalated_to=unit_ref(above))
    case.tell(why=words)


def _next_above(case: Case) -> Unit | None:
    below = case.matter.escalated_to or case.matter.lead
    return None if below is None else Unit.objects.get_parent(below)


@does(Act.INSTRUCT)
def instruct(case: Case, *, note: str = "") -> None:
    """Write a leader's instruction down."""
    case.tell(note=text(note, "note", required=True))


@does(Act.COMMENT)
def comment(case: Case, *, note: str = "") -> None:
    """Write a remark down."""
    case.tell(note=text(note, "note", most=2000, required=True))
