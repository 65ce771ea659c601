"""The states of a matter, the acts that move it, and the lights over it."""

from __future__ import annotations

from enum import nonmember

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["Act", "Grade", "Light", "State"]


class State(TextChoices):
    """Where a matter stands. Every register has these and no others."""

    DRAFTED = "drafted", _("待交办")
    ASSIGNED = "assigned", _("待签收")
    UNDER_WAY = "under_way", _("办理中")
    SUSPENDED = "suspended", _("已中止")
    SUBMITTED = "submitted", _("待核查")
    CLOSED = "closed", _("已销号")
    CANCELLED = "cancelled", _("已撤销")

    open_states = nonmember(("drafted", "assigned", "under_way", "suspended", "submitted"))
    running_states = nonmember(("assigned", "under_way", "submitted"))
    ended_states = nonmember(("closed", "cancelled"))


class Act(TextChoices):
    """What can be done to a matter; each is one kind of event, and one line in the table of `org.policy`."""

    OPEN = "open", _("立项")
    EDIT = "edit", _("修改")
    PLAN = "plan", _("排定节点与目标")
    ASSIGN = "assign", _("交办")
    ACCEPT = "accept", _("签收")
    DECLINE = "decline", _("退回交办")
    HAND_OVER = "hand_over", _("移交经办")
    SPLIT = "split", _("分解")
    REPORT = "report", _("反馈进展")
    ATTACH = "attach", _("上传佐证")
    DETACH = "detach", _("撤下佐证")
    SUBMIT = "submit", _("报结")
    VERIFY = "verify", _("核查通过")
    RETURN = "return", pgettext_lazy("act", "退回")
    REOPEN = "reopen", _("重开")
    SUSPEND = "suspend", _("中止")
    RESUME = "resume", _("恢复")
    CANCEL = "cancel", _("撤销")
    REQUEST_EXTENSION = "request_extension", _("申请延期")
    GRANT_EXTENSION = "grant_extension", _("同意延期")
    REFUSE_EXTENSION = "refuse_extension", _("不同意延期")
    URGE = "urge", _("催办")
    ESCALATE = "escalate", _("提级")
    INSTRUCT = "instruct", _("批示")
    COMMENT = "comment", _("留言")

    quiet = nonmember(("report", "attach", "detach", "urge", "instruct", "comment", "split"))
    """Acts after which another person's act on the older view still means what they meant."""


class Grade(TextChoices):
    """How well a matter was done, as the last verifier judges where the register asks for it."""

    EXCELLENT = "excellent", _("优秀")
    GOOD = "good", _("良好")
    PASSED = "passed", _("合格")
    FAILED = "failed", _("不合格")


class Light(TextChoices):
    """The light over a matter: computed when it is looked at, never stored."""

    RED = "red", _("红灯：已超期")
    AMBER = "amber", _("黄灯：临近到期")
    GREEN = "green", _("绿灯：正常")
    NONE = "none", _("无灯")
