"""Carries a plan out: all of it or nothing, in one transaction, with as few statements as it can."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.ledger.actions import Entry, Subject, record_many
from luoshi.ledger.canonical import Json
from luoshi.org.actions.noting import keeping_administrators, lock_tree
from luoshi.org.actions.units import follow, place
from luoshi.org.enums import recorded_role
from luoshi.org.exchange.columns import Kind
from luoshi.org.exchange.draft import Change, Plan
from luoshi.org.exchange.plan import plan_tables
from luoshi.org.exchange.reading import Table
from luoshi.org.models import Group, Membership, Person, Post, Unit, UnitVersion
from luoshi.org.policy import SYSTEM_ACTOR, Actor, require

__all__ = ["Imported", "StalePlanError", "apply_tables"]

_BATCH = 500


class StalePlanError(Exception):
    """Something was changed since the plan was shown; `plan` is the one that holds now."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(plan.digest)


class Imported(NamedTuple):
    """What an import did."""

    plan: Plan
    operation: uuid.UUID


@transaction.atomic
def apply_tables(tables: Sequence[Table], *, by: Actor, digest: str = "", confirm: bool = False) -> Imported:
    """Plan the sheets anew and carry the plan out.

    Refuses with ValidationError where there is any problem, and with :class:`StalePlanError` where `digest` is given
    and the plan is another one now. Posts become proposals; with `confirm` they are in force at once, which only the
    command line may do. One record sums up the import, and one stands for each unit, group and post that it changed;
    an import that changes nothing leaves none.
    """
    require(by, "org.import")
    if confirm and by is not SYSTEM_ACTOR:
        raise ValidationError(_("导入的任职要由安全管理员确认，不能在导入时直接确认。"), code="confirm_apart")
    lock_tree()
    plan = plan_tables(tables)
    if not plan.is_sound:
        raise ValidationError(
            _("文件里有%(count)d处问题，什么都没有导入。请按清单改正后再导入。"),
            code="problems",
            params={"count": len(plan.problems)},
        )
    if digest and digest != plan.digest:
        raise StalePlanError(plan)
    operation = uuid.uuid4()
    if plan.changes:
        with keeping_administrators(by, last_day=plan.on):
            entries = [*_units(plan), *_groups(plan), *_people(plan), *_posts(plan, by, confirm=confirm)]
        record_many([_summary(plan), *entries], by=by.author, operation=operation)
    return Imported(plan, operation)


def _summary(plan: Plan) -> Entry:
    counts: dict[str, Json] = {}
    for kind in Kind:
        made = plan.of(kind)
        new = sum(change.is_new for change in made)
        counts[kind.value] = {"new": new, "changed": len(made) - new, "unchanged": plan.unchanged[kind]}
    return Entry("org.import", Subject("file", plan.digest[:16], "、".join(plan.sheets)[:300]), counts)


def _plain(value: Any) -> Json:
    """Return a value as records hold it."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)


def _entry(act: str, kind: str, change: Change) -> Entry:
    now: Json = {column: _plain(value) for column, value in change.values.items()}
    was: Json = {column: _plain((change.was or {}).get(column)) for column in change.values}
    data: dict[str, Json] = {"what": "import", "now": now}
    if not change.is_new:
        data["was"] = was
    return Entry(act, Subject(kind, " ".join(change.key), change.name[:300]), data)


def _units(plan: Plan) -> Iterable[Entry]:
    changes = plan.of(Kind.UNITS)
    known: dict[str, Unit] = {unit.code: unit for unit in Unit.objects.select_for_update()}
    new = _create_units([change for change in changes if change.is_new], known)
    _move_units([change for change in changes if not change.is_new and "parent" in change.values], known)
    _write_versions(new, plan)
    for change in changes:
        if not change.is_new:
            _change_unit(change, plan)
    return [_entry("unit.change", "unit", change) for change in changes]


def _create_units(changes: Sequence[Change], known: dict[str, Unit]) -> list[Unit]:
    """Store new units, each as the last of its siblings, in as few statements as there are levels of the tree."""
    by_parent: dict[str, list[Change]] = {}
    for change in changes:
        by_parent.setdefault(change.values["parent"], []).append(change)
    last = _last_steps(known.values())
    made: list[Unit] = []
    waiting = [code for code in by_parent if not code or code in known]
    while waiting:
        parent = known.get(waiting.pop(0))
        children = by_parent[parent.code if parent else ""]
        path, depth = (parent.path, parent.depth) if parent else ("", 0)
        for change in children:
            last[path] = last.get(path, 0) + 1
            values = {field: value for field, value in change.values.items() if field != "parent"}
            unit = Unit(code=change.key[0], **values)
            unit.depth, unit.path = depth + 1, Unit._get_path(path, depth + 1, last[path])  # noqa: SLF001
            unit.numchild = len(by_parent.get(unit.code, ()))
            known[unit.code] = unit
            made.append(unit)
            if unit.code in by_parent:
                waiting.append(unit.code)
        if parent is not None and parent.pk is not None:
            Unit.objects.filter(pk=parent.pk).update(numchild=F("numchild") + len(children))
    Unit.objects.bulk_create(made, batch_size=_BATCH)
    return made


def _last_steps(units: Iterable[Unit]) -> dict[str, int]:
    """Return by path of the parent the number of its last child."""
    last: dict[str, int] = {}
    for unit in units:
        above, step = unit.path[: -Unit.steplen], Unit._str2int(unit.path[-Unit.steplen :])  # noqa: SLF001
        last[above] = max(last.get(above, 0), step)
    return last


def _move_units(changes: Sequence[Change], known: dict[str, Unit]) -> None:
    """Move units, those that end up nearest to the top first: so none is ever moved below itself."""
    codes = {unit.path: unit.code for unit in known.values()}
    parents = {unit.code: codes.get(unit.path[: -Unit.steplen], "") for unit in known.values()}
    parents |= {change.key[0]: change.values["parent"] for change in changes}

    def depth(change: Change) -> int:
        count, code = 0, change.key[0]
        while code:
            count, code = count + 1, parents[code]
        return count

    for change in sorted(changes, key=depth):
        target = change.values["parent"]
        place(Unit.objects.get(pk=change.target), Unit.objects.get(code=target) if target else None)


def _write_versions(units: Sequence[Unit], plan: Plan) -> None:
    """Begin the history of new units, whose superiors may have moved since their rows were made."""
    paths: dict[int, str] = dict(Unit.objects.values_list("pk", "path"))
    places = {path: key for key, path in paths.items()}
    versions = (
        UnitVersion(
            unit_id=unit.pk,
            since=unit.opened_on or plan.on,
            name=unit.name,
            kind=unit.kind,
            parent_id=places.get(paths[unit.pk][: -Unit.steplen]),
            why=_("导入"),
        )
        for unit in units
    )
    UnitVersion.objects.bulk_create(versions, batch_size=_BATCH)


def _change_unit(change: Change, plan: Plan) -> None:
    unit = Unit.objects.get(pk=change.target)
    columns = [column for column in change.values if column != "parent"]
    for column in columns:
        setattr(unit, column, change.values[column])
    if columns:
        unit.save(update_fields=columns)
    if change.values.keys() & {"name", "kind", "parent"}:
        last = unit.versions.order_by("-since").first()
        follow(unit, max(plan.on, last.since) if last else plan.on, _("导入"))


def _groups(plan: Plan) -> Iterable[Entry]:
    changes = plan.of(Kind.GROUPS)
    groups = [change for change in changes if len(change.key) == 1]
    members = [change for change in changes if len(change.key) > 1]
    Group.objects.bulk_create(
        (Group(code=change.key[0], **change.values) for change in groups if change.is_new), batch_size=_BATCH
    )
    for change in groups:
        if not change.is_new:
            Group.objects.filter(pk=change.target).update(**change.values)
    if members:
        codes = dict(Group.objects.values_list("code", "pk"))
        units = dict(Unit.objects.values_list("code", "pk"))
        rows = (Membership(group_id=codes[c.key[0]], unit_id=units[c.key[1]], since=c.values["since"]) for c in members)
        Membership.objects.bulk_create(rows, batch_size=_BATCH)
    return [_entry("group.change", "group", change) for change in changes]


def _people(plan: Plan) -> Iterable[Entry]:
    """Store people; the summary counts them, and a record stands for each whose name changed."""
    changes = plan.of(Kind.PEOPLE)
    new = [Person(staff_no=change.key[0], **change.values) for change in changes if change.is_new]
    Person.objects.bulk_create(new, batch_size=_BATCH)
    entries = []
    for change in changes:
        if change.is_new:
            continue
        Person.objects.filter(pk=change.target).update(**change.values)
        uid = str(Person.objects.values_list("uid", flat=True).get(pk=change.target))
        columns: list[Json] = list(change.values)
        entries.append(
            Entry("person.change", Subject("person", uid, change.name), {"what": "import", "changed": columns})
        )
    return entries


def _posts(plan: Plan, by: Actor, *, confirm: bool) -> Iterable[Entry]:
    changes = plan.of(Kind.POSTS)
    if not changes:
        return []
    people = dict(Person.objects.values_list("staff_no", "pk"))
    units = dict(Unit.objects.values_list("code", "pk"))
    groups: dict[str, int | None] = {"": None, **dict(Group.objects.values_list("code", "pk"))}
    now = timezone.now() if confirm else None
    rows = []
    for change in changes:
        values = dict(change.values)
        if "area" in values:
            values["area_id"] = groups[values.pop("area")]
        if change.is_new:
            person, unit = people[change.key[0]], units[change.key[1]]
            rows.append(Post(person_id=person, unit_id=unit, proposed_by_id=by.person_id, confirmed_at=now, **values))
        else:
            Post.objects.filter(pk=change.target).update(**values)
            _shorten_deputies(change)
    Post.objects.bulk_create(rows, batch_size=_BATCH)
    return [_post_entry(change, confirm=confirm) for change in changes]


def _shorten_deputies(change: Change) -> None:
    until = change.values.get("until")
    if until is not None:
        post = Post.objects.get(pk=change.target)
        post.deputies.filter(since__gt=until).delete()
        post.deputies.filter(until__gt=until).update(until=until)


def _post_entry(change: Change, *, confirm: bool) -> Entry:
    entry = _entry("post.confirm" if confirm and change.is_new else "post.propose", "post", change)
    whose = change.name.rpartition(" · ")[0]
    name = f"{whose} · {recorded_role(change.key[2])}"  # what was shown before is in the reader's language
    return Entry(entry.act, Subject("post", "", name[:300]), entry.data)
