"""What people fill in about documents: taking them in, describing them, finding them in the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.directives.enums import ClauseState, Kind, Stage
from luoshi.directives.models import Directive, Programme
from luoshi.org.policy import Actor, visible
from luoshi.work import registers
from luoshi.work.registers import Register

__all__ = ["DescribeForm", "ListForm", "TakeInForm", "WithdrawForm", "kept_mark", "programme_names", "registers_for"]

MOST_FILES: Final = 20
_MOST_TEXT: Final = 1_000_000
_MOST_DOCUMENTS: Final = 200
_SALT: Final = "directives.kept"
_AGE: Final = 24 * 60 * 60


def registers_for(actor: Actor) -> list[Register]:
    """Return the registers that this person may take documents in for."""
    return [kind for kind in registers.current_all() if _may_take_in_for(kind, actor)]


def _may_take_in_for(kind: Register, actor: Actor) -> bool:
    """Tell whether one post of a person may both know of a register and open matters in it."""
    return any(
        kind.may_be_opened_by(post.role) and (not kind.confidential or kind.code in post.registers)
        for post in actor.posts
    )


def kept_mark(directive: Directive, name: str, actor: Actor) -> str:
    """Return a mark by which this person can take a file in again that the server has; no `name` for pasted words."""
    return signing.dumps([actor.account_id, directive.pk, name], salt=_SALT)


class _Files(forms.FileField):
    """Any number of files."""

    widget = type("_ManyFiles", (forms.FileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:  # noqa: ARG002 — Django's signature
        """Return the files that were sent; an empty one is told of with the others, by its own sentence."""
        files = [one for one in (data if isinstance(data, (list, tuple)) else [data]) if one]
        if len(files) > MOST_FILES:
            message = _g("一次最多收%(most)d个文件，请分几次收。")
            raise ValidationError(message, code="too_many", params={"most": MOST_FILES})
        return files


class TakeInForm(forms.Form):
    """Files, pasted words, or both, and where they belong."""

    upload = _Files(
        label=_("文件"),
        required=False,
        widget=_Files.widget({"multiple": True}),
    )
    text = forms.CharField(
        label=_("或者粘贴文字"),
        required=False,
        max_length=_MOST_TEXT,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("从网页、微信或邮件里复制来的文字，连同标题和日期一起粘贴。"),
    )
    register = forms.ChoiceField(label=_("立项到哪本台账"))
    programme = forms.CharField(
        label=_("工作计划"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"list": "programmes", "autocomplete": "off"}),
        help_text=_("例：2026年工作要点。同一计划的几份文件合在一起看落实情况；没有就空着。"),
    )
    previous = forms.ChoiceField(
        label=_("是哪份文件的新版"),
        required=False,
        help_text=_("征求意见稿之后的印发稿、修订后的方案：选了以后，只提示改动了的地方。"),
    )
    kept = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self._choice("register").choices = [(kind.code, str(kind.title)) for kind in registers_for(actor)]
        self.documents = visible(actor, Directive.objects.exclude(stage=Stage.WITHDRAWN), "directive.see")
        self._choice("previous").choices = [("", _("不是新版")), *self._newest()]
        self._choice("kept").choices = [(mark, mark) for mark in self._sent("kept") if self.kept_file(mark)]

    def _choice(self, name: str) -> Any:
        return self.fields[name]

    def _sent(self, name: str) -> list[str]:
        data: Any = self.data
        return list(data.getlist(name)) if hasattr(data, "getlist") else []

    def _newest(self) -> list[tuple[str, str]]:
        """Offer the newest documents, and the one that is chosen already, however old."""
        rows = list(self.documents.order_by("-pk")[:_MOST_DOCUMENTS])
        chosen = str(self.data.get("previous") or self.initial.get("previous") or "")
        if chosen.isascii() and chosen.isdigit() and len(chosen) < 18 and int(chosen) not in {row.pk for row in rows}:
            rows += self.documents.filter(pk=int(chosen))
        return [(str(row.pk), f"{row} · {row.taken_in_at:%Y-%m-%d}") for row in rows]

    def kept_file(self, mark: str) -> tuple[Directive, str] | None:
        """Return the document whose file a mark stands for, and the name under which it was sent again."""
        try:
            account, number, name = signing.loads(mark, salt=_SALT, max_age=_AGE)
        except signing.BadSignature:
            return None
        row = self.documents.select_related("evidence").filter(pk=number).first()
        return (row, name) if row is not None and account == self.actor.account_id else None

    def clean_previous(self) -> Directive | None:
        """Return the chosen document."""
        chosen = self.cleaned_data["previous"]
        return self.documents.filter(pk=int(chosen)).first() if chosen else None

    def clean(self) -> dict[str, Any]:
        """Ask for something to take in, and for one document where it is the later version of another."""
        data = super().clean() or self.cleaned_data
        count = len(data.get("upload") or ()) + len(data.get("kept") or ()) + bool((data.get("text") or "").strip())
        if not count and not self.errors:
            raise ValidationError(_g("请选择文件，或粘贴文字。"), code="nothing")
        if data.get("previous") and count > 1:
            self.add_error("previous", _g("新版请一次收一份。"))
        return data


class DescribeForm(forms.Form):
    """What a document is."""

    title = forms.CharField(label=_("标题"), max_length=300)
    kind = forms.ChoiceField(label=_("文种"), choices=Kind)
    number = forms.CharField(label=_("文号"), max_length=120, required=False)
    issuer = forms.CharField(label=_("发文单位"), max_length=200, required=False)
    date = forms.DateField(
        label=_("成文日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=_("“年底前”“下个月”从这一天算起；改了以后会重新读取，您改定的内容不变。"),
    )
    register = forms.ChoiceField(label=_("立项到哪本台账"))
    programme = forms.CharField(
        label=_("工作计划"),
        required=False,
        max_length=120,
        widget=forms.TextInput({"list": "programmes", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, directive: Directive, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["register"]
        kinds = {kind.code: str(kind.title) for kind in registers_for(actor)}
        field.choices = {directive.register: directive.register, **kinds}.items()
        if directive.clauses.filter(state=ClauseState.CONFIRMED).exists():
            field.disabled = True
            field.initial = directive.register
            field.help_text = _("有条目已经立项，台账不能再改。")

    @staticmethod
    def of(directive: Directive) -> dict[str, Any]:
        """Return what a document is now."""
        names = ("title", "kind", "number", "issuer", "date", "register")
        return {
            **{name: getattr(directive, name) for name in names},
            "programme": directive.programme.name if directive.programme else "",
        }


class WithdrawForm(forms.Form):
    """Why a document is withdrawn."""

    reason = forms.CharField(label=_("撤回原因"), max_length=200)


class ListForm(forms.Form):
    """The filter bar of the list of documents; nothing in it is required."""

    q = forms.CharField(
        label=_("标题或文号"), required=False, max_length=100, widget=forms.TextInput({"type": "search"})
    )
    stage = forms.ChoiceField(
        label=pgettext_lazy("document", "进度"),
        required=False,
        choices=[("", pgettext_lazy("documents", "全部在用")), *Stage.choices],
    )
    kind = forms.ChoiceField(
        label=_("文种"), required=False, choices=[("", pgettext_lazy("kinds", "不限")), *Kind.choices]
    )

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="filter-%s")

    def narrowed(self, documents: QuerySet[Directive]) -> QuerySet[Directive]:
        """Return those documents that are asked for; what makes no sense asks for nothing."""
        self.full_clean()
        asked = self.cleaned_data
        stage, kind = asked.get("stage"), asked.get("kind")
        documents = documents.filter(stage=stage) if stage else documents.exclude(stage=Stage.WITHDRAWN)
        if kind:
            documents = documents.filter(kind=kind)
        for word in (asked.get("q") or "").split()[:12]:
            documents = documents.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(name__icontains=word))
        return documents


def programme_names(actor: Actor) -> list[str]:
    """Return the plans of work that documents this person may see belong to, by name."""
    theirs = visible(actor, Directive.objects.filter(programme__isnull=False), "directive.see")
    names = Programme.objects.filter(pk__in=theirs.order_by().values("programme")).order_by("-pk")
    return list(names.values_list("name", flat=True)[:_MOST_DOCUMENTS])
