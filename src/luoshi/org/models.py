"""Units, groups, people, posts, and who stands in for whom."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from luoshi.org.enums import GroupKind, Role, Stage, UnitKind

__all__ = ["Deputy", "Group", "Membership", "Person", "Post", "Unit", "UnitVersion", "Upload"]


class Unit(MP_Node):
    """One unit of the tree: the authority, a department, a school.

    `code` is its name for programs and is never given to another unit. Units end (`closed_on`, `merged_into`), they
    are not removed: from `closed_on` on a unit is not there any more. What a unit was called and to whom it belonged
    before is kept in :class:`UnitVersion`. Changed only by `org.actions`.
    """

    code = models.CharField(_("单位代码"), max_length=40, unique=True)
    name = models.CharField(_("全称"), max_length=120)
    short_names = models.JSONField(_("简称"), default=list, blank=True)
    kind = models.CharField(_("类别"), max_length=20, choices=UnitKind)
    stage = models.CharField(_("学段"), max_length=20, choices=Stage, blank=True, default="")
    duties = models.TextField(_("职责"), blank=True, default="")
    opened_on = models.DateField(_("启用日期"), null=True, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", verbose_name=_("并入"), null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed"
    )

    node_order_by: list[str] = []  # noqa: RUF012 — treebeard asks for this name and type

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = _("单位")
        constraints = (
            models.CheckConstraint(
                name="unit_closes_after_it_opens",
                condition=Q(closed_on=None) | Q(opened_on=None) | Q(closed_on__gte=F("opened_on")),
            ),
            models.CheckConstraint(
                name="unit_not_merged_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
        )

    def __str__(self) -> str:
        return self.name


class UnitVersion(models.Model):
    """What a unit was from one day on: name, place in the tree, kind, and whether it was there at all.

    The newest one equals the unit's row. A day holds one version: what was changed twice on it is kept as it ended up.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions")
    since = models.DateField(_("起"))
    name = models.CharField(_("全称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=20, choices=UnitKind)
    parent = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    is_open = models.BooleanField(_("在用"), default=True)
    why = models.CharField(_("缘由"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("单位沿革")
        verbose_name_plural = _("单位沿革")
        constraints = (models.UniqueConstraint(name="one_version_of_a_unit_a_day", fields=["unit", "since"]),)

    def __str__(self) -> str:
        return f"{self.name} {self.since}"


class Group(models.Model):
    """Units taken together beside the tree: an alliance, the area that a leader covers, an inspector's zone."""

    code = models.CharField(_("代码"), max_length=40, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    kind = models.CharField(_("类别"), max_length=20, choices=GroupKind)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    units = models.ManyToManyField(Unit, through="Membership", related_name="groups")

    class Meta:
        verbose_name = _("单位组")
        verbose_name_plural = _("单位组")

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A unit's time in a group; both days belong to it, no last day means still."""

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        verbose_name = _("组成员")
        verbose_name_plural = _("组成员")
        constraints = (
            models.CheckConstraint(
                name="membership_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(name="one_open_membership", fields=["group", "unit"], condition=Q(until=None)),
        )

    def __str__(self) -> str:
        return f"{self.unit} ∈ {self.group}"


class Person(models.Model):
    """Somebody who works here. Holds no more about them than the work needs: a name, a staff number, a telephone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("姓名"), max_length=80)
    staff_no = models.CharField(_("工号"), max_length=40, unique=True)
    phone = models.CharField(_("办公电话"), max_length=40, blank=True, default="")
    left_on = models.DateField(_("离岗日期"), null=True, blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("账号"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="person",
    )

    class Meta:
        verbose_name = _("人员")
        verbose_name_plural = _("人员")
        indexes = (models.Index(fields=["name"], name="person_name"),)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """One person's standing at one unit in one role for a time. All rights come from posts.

    The system's administrator proposes a post; it entitles to nothing until the security's administrator has confirmed
    it; a proposal that is refused is removed, and the record keeps it. `registers` names the confidential registers
    that this post may see. Both days belong to the post.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(_("角色"), max_length=20, choices=Role)
    title = models.CharField(_("职务"), max_length=80, blank=True, default="")
    area = models.ForeignKey(
        Group, verbose_name=_("包片或责任区"), null=True, blank=True, on_delete=models.PROTECT, related_name="posts"
    )
    registers = models.JSONField(_("可看的保密台账"), default=list, blank=True)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"), null=True, blank=True)
    proposed_by = models.ForeignKey(
        Person, verbose_name=_("提出人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        Person, verbose_name=_("确认人"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = _("任职")
        constraints = (
            models.CheckConstraint(
                name="post_ends_after_it_begins", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(name="one_open_post", fields=["person", "unit", "role"], condition=Q(until=None)),
        )

    def __str__(self) -> str:
        return f"{self.person} {self.unit} {self.get_role_display()}"


class Deputy(models.Model):
    """Somebody who acts with a post's rights while its holder is away; what they do bears both names."""

    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="deputies")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="deputising")
    since = models.DateField(_("起"))
    until = models.DateField(_("止"))
    why = models.CharField(_("缘由"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("代理")
        verbose_name_plural = _("代理")
        constraints = (models.CheckConstraint(name="deputy_ends_after_it_begins", condition=Q(until__gte=F("since"))),)

    def __str__(self) -> str:
        return f"{self.person} → {self.post}"


class Upload(models.Model):
    """A workbook between its dry run and its import: one a person, gone when it is applied, replaced or a day old."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="upload")
    name = models.CharField(_("文件名"), max_length=200)
    content = models.BinaryField(_("内容"))
    at = models.DateTimeField(_("时间"))

    class Meta:
        verbose_name = _("待导入文件")
        verbose_name_plural = _("待导入文件")

    def __str__(self) -> str:
        return self.name
