"""What must hold of the stored organisation; each finding is one sentence."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from luoshi.org.actions.posts import tenures_of
from luoshi.org.models import Person, Post, Unit, UnitVersion
from luoshi.org.rules import clashing

__all__ = ["findings"]


def findings() -> Iterator[str]:
    """Yield what is wrong: with the tree, with its history, with the separation of the three administrators."""
    yield from _tree()
    yield from _history()
    yield from _administrators()


def _tree() -> Iterator[str]:
    for kind, keys in zip(
        (_("路径有非法字符"), _("路径长度不对"), _("没有上级"), _("层级不对"), _("下级数不对")),
        Unit.objects.find_problems(),
        strict=True,
    ):
        for unit in Unit.objects.filter(pk__in=keys):
            yield _("单位%(code)s的树位置有误：%(kind)s。") % {"code": unit.code, "kind": kind}


def _history() -> Iterator[str]:
    newest: dict[int, UnitVersion] = {}
    for version in UnitVersion.objects.order_by("since"):
        newest[version.unit_id] = version
    places: dict[str, int] = dict(Unit.objects.values_list("path", "pk"))
    for unit in Unit.objects.all():
        parent = places.get(unit.path[: -Unit.steplen])
        last = newest.get(unit.pk)
        now = (unit.name, unit.kind, parent, unit.closed_on is None)
        if last is None or (last.name, last.kind, last.parent_id, last.is_open) != now:
            yield _("单位%(code)s的沿革与现状不一致。") % {"code": unit.code}


def _administrators() -> Iterator[str]:
    holders = Post.objects.filter(role__in=("system_admin", "security_admin", "audit_admin")).values("person")
    people = {person.pk: person for person in Person.objects.filter(pk__in=holders)}
    for key, tenures in tenures_of(people).items():
        if clashing(tenures):
            yield _("%(person)s在同一时间既任管理员又任别的岗位。") % {"person": people[key].name}
