"""Kinds, stages and acts of the documents that leaders decide by."""

from __future__ import annotations

from enum import nonmember

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

__all__ = ["ClauseState", "Kind", "ReviewAct", "Stage", "Step", "Why"]


class Kind(TextChoices):
    """What a document is."""

    SPEECH = "speech", _("讲话")
    PLAN = "plan", _("方案计划")
    NOTICE = "notice", _("通知")
    MINUTES = "minutes", _("会议纪要")
    OTHER = "other", pgettext_lazy("document", "其他")


class Stage(TextChoices):
    """Where a document stands between being dropped and having become matters."""

    WAITING = "waiting", _("排队等待读取")
    READING = "reading", _("正在读取")
    FAILED = "failed", _("读取失败")
    REVIEW = "review", _("待核对")
    CONFIRMED = "confirmed", _("已确认")
    WITHDRAWN = "withdrawn", _("已撤回")

    unread = nonmember(("waiting", "reading", "failed"))
    open_stages = nonmember(("waiting", "reading", "failed", "review"))


class Step(TextChoices):
    """What is being done to a document that is being read."""

    QUEUED = "queued", _("排队中")
    READING = "reading", _("读取文字")
    DRAFTING = "drafting", _("识别任务")
    COMPARING = "comparing", _("比对在办事项")
    DONE = "done", pgettext_lazy("reading", "完成")


class ClauseState(TextChoices):
    """Where a row of a document stands in its review."""

    OPEN = "open", _("待核对")
    CHECKED = "checked", _("已核对")
    DROPPED = "dropped", _("不立项")
    MERGED = "merged", _("已并入")
    JOINED = "joined", _("并入在办事项")
    CONFIRMED = "confirmed", _("已立项")

    live = nonmember(("open", "checked"))
    """Rows that confirming would open matters of."""


class Why(TextChoices):
    """Why a row is not opened as a matter."""

    NOT_A_TASK = "not_a_task", _("不是任务")
    NOT_OURS = "not_ours", _("不归本局办理")
    DONE = "done", _("已经办结")
    REPEATED = "repeated", _("与本文件其他条目重复")
    OTHER = "other", pgettext_lazy("reason", "其他原因")


class ReviewAct(TextChoices):
    """What a person does to a document under review; each is one edit, and each edit can be undone."""

    DESCRIBE = "describe", _("修改文件信息")
    REREAD = "reread", _("重新读取")
    EDIT = "edit", pgettext_lazy("clause", "修改条目")
    CHECK = "check", _("核对无误")
    UNCHECK = "uncheck", _("取消核对")
    MOVE = "move", _("调整句子")
    MERGE = "merge", _("合并条目")
    SPLIT = "split", _("拆分条目")
    DROP = "drop", _("不立项")
    RESTORE = "restore", _("恢复条目")
    MAKE = "make", _("句子立为条目")
    LABEL = "label", _("改句子类别")
    JOIN = "join", _("并入在办事项")
    CONFIRM = "confirm", _("确认立项")
    ADOPT = "adopt", _("采纳新版改动")
    WITHDRAW = "withdraw", _("撤回文件")
    UNDO = "undo", pgettext_lazy("review", "撤销上一步")

    lasting = nonmember(("describe", "reread", "confirm", "adopt", "withdraw", "undo"))
    """Acts that cannot be undone by undoing: what they did reaches beyond the review, or is an undoing itself."""
