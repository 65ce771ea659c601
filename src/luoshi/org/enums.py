"""Kinds that the organisation knows."""

from __future__ import annotations

from enum import nonmember
from functools import cache

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

__all__ = ["GroupKind", "Reach", "Role", "Side", "Stage", "UnitKind", "recorded_role", "told_role"]


class UnitKind(TextChoices):
    """What a unit is."""

    AUTHORITY = "authority", _("教育局")
    DEPARTMENT = "department", _("科室")
    INSTITUTION = "institution", _("直属单位")
    CENTRE_SCHOOL = "centre_school", _("中心学校")
    SCHOOL = "school", pgettext_lazy("unit", "学校")
    KINDERGARTEN = "kindergarten", _("幼儿园")
    MEMBER = "member", _("成员单位")


class Stage(TextChoices):
    """Which pupils a school has."""

    NONE = "", _("不分学段")
    KINDERGARTEN = "kindergarten", _("学前")
    PRIMARY = "primary", _("小学")
    JUNIOR = "junior", _("初中")
    NINE_YEAR = "nine_year", _("九年一贯")
    SENIOR = "senior", _("高中")
    COMPLETE = "complete", _("完全中学")
    VOCATIONAL = "vocational", _("职业")
    SPECIAL = "special", _("特殊教育")


class GroupKind(TextChoices):
    """What a group beside the tree is for."""

    ALLIANCE = "alliance", _("教育联盟")
    AREA = "area", _("包片")
    ZONE = "zone", _("责任区")
    LEADING_GROUP = "leading_group", _("领导小组")
    OTHER = "other", pgettext_lazy("group", "其他")


class Role(TextChoices):
    """What a post is entitled to, by the table in `org.policy`.

    The three administrators cannot stand in for one another: the system's looks after units, people and registers; the
    security's after accounts and what posts entitle to; the audit's after the records of both.
    """

    LEADER = "leader", _("局领导")
    SUPERVISOR = "supervisor", _("督办员")
    HEAD = "head", _("负责人")
    OFFICER = "officer", _("经办人")
    INSPECTOR = "inspector", _("督学")
    DISCIPLINE = "discipline", _("纪检")
    OBSERVER = "observer", _("观察员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")

    admins = nonmember(("system_admin", "security_admin", "audit_admin"))


def recorded_role(role: str) -> str:
    """Return a role's word as records keep it: in Chinese, whoever writes."""
    with override("zh-hans"):
        return str(Role(role).label)


def told_role(name: str) -> str:
    """Return a name from a record with the role at its end, word or code, in the reader's language.

    What ends in no role is returned as it is.
    """
    before, space, last = name.rpartition(" ")
    role = _roles().get(last)
    return name if role is None else f"{before}{space}{role.label}"


@cache
def _roles() -> dict[str, Role]:
    return {word: role for role in Role for word in (role.value, recorded_role(role))}


class Reach(TextChoices):
    """How far a role's word goes."""

    OWN = "own", _("本人经办")
    UNIT = "unit", _("本单位")
    SUBTREE = "subtree", _("本单位及下属")
    AREA = "area", _("包片")
    ALL = "all", _("全局")


class Side(TextChoices):
    """As what a unit takes part in a matter."""

    LEAD = "lead", _("牵头")
    SUPPORT = "support", _("配合")
    EITHER = "either", _("牵头或配合")
