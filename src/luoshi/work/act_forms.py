"""The form of each act: what a person fills in, and the data that `perform` takes from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.org.models import Person
from luoshi.org.policy import Actor
from luoshi.work.actions.people import posts_in_force
from luoshi.work.enums import Act, Grade, State
from luoshi.work.models import Matter
from luoshi.work.plan_forms import PlanForm
from luoshi.work.registers import Register
from luoshi.work.reuse import AGAIN, SEARCH, Again, Shelf
from luoshi.work.typed import (
    Files,
    PersonTyped,
    UnitsTyped,
    UnitTyped,
    day_field,
    kept_files,
    remember,
    stored,
    words_field,
)

__all__ = ["FORMS", "ActForm", "FilesForm", "form_for"]

OWN: Final = "own-"
_FILES: Final = frozenset({"files", AGAIN})


class ActForm(forms.Form):
    """What all acts' forms share: the matter they are about, and `act_data`, what `perform` is called with."""

    matter: Matter
    intro: ClassVar[Any] = ""

    def __init__(self, *args: Any, matter: Matter, register: Register, actor: Actor, **options: Any) -> None:
        self.matter, self.register, self.actor = matter, register, actor
        super().__init__(*args, **options)
        self.prepare()

    def prepare(self) -> None:
        """Fit the fields to the matter."""

    def act_data(self) -> dict[str, Any]:
        """Return what `perform` takes; call it once, when the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class NoteForm(ActForm):
    """A remark that may be left out."""

    note = words_field(_("说明"), most=1000, required=False)


class SayForm(ActForm):
    """Words that are the act itself."""

    note = words_field(_("内容"), most=2000)


class ReasonForm(ActForm):
    """A reason that must be given."""

    reason = words_field(_("理由"), most=1000)


class AgainForm(ReasonForm):
    """Taking up again, perhaps with another due date."""

    due = day_field(_("新的完成时限"), required=False, help_text=_("不填则仍按原来的时限。"))


class CancelForm(ReasonForm):
    """Ending undone."""

    with_children = forms.BooleanField(label=_("一并撤销没有办结的子事项"), required=False)

    def prepare(self) -> None:
        """Ask about parts only where there are any."""
        if not self.matter.children.filter(is_open=True).exists():
            del self.fields["with_children"]


class AcceptForm(ActForm):
    """Signing for a matter, and saying who will work on it."""

    handler = forms.ModelChoiceField(Person.objects.none(), label=_("经办人"), required=False)
    note = words_field(_("说明"), most=1000, required=False, rows=2)

    def prepare(self) -> None:
        """Offer the people of the lead unit."""
        set_people(self.fields["handler"], self.matter)
        self.fields["handler"].initial = self.matter.handler_id or self.actor.person_id


class HandOverForm(AcceptForm):
    """Giving the work to somebody else of the unit."""

    def prepare(self) -> None:
        """Offer the others of the lead unit."""
        set_people(self.fields["handler"], self.matter, without=self.matter.handler_id)
        self.fields["handler"].required = True


class AssignForm(ActForm):
    """Giving a matter to a unit, and perhaps to one of its people."""

    lead = UnitTyped(label=_("牵头单位"))
    support = UnitsTyped(label=_("配合单位"), required=False, help_text=_("多个单位用顿号隔开。"))
    handler = PersonTyped(label=_("经办人"), required=False, help_text=_("不填则由单位负责人签收时确定。"))
    due = day_field(_("完成时限"), required=False, help_text=_("不填则按台账的规则推算。"))
    reason = words_field(_("改派理由"), most=1000, rows=2)
    note = words_field(_("说明"), most=1000, rows=2, required=False)

    def prepare(self) -> None:
        """Begin with what the matter has; ask for a reason only where it was assigned before."""
        row = self.matter
        given = {"lead": row.lead, "support": row.support, "handler": row.handler, "due": row.due}
        for name, value in given.items():
            self.fields[name].initial = value
        if row.state == State.DRAFTED:
            del self.fields["reason"]


class EditForm(ActForm):
    """Changing what is asked."""

    title = forms.CharField(label=_("事项"), max_length=200)
    requirement = words_field(_("工作要求"), required=False)
    due = day_field(_("完成时限"), required=False)
    reason = words_field(_("修改理由"), most=1000, rows=2, required=False, help_text=_("交办以后修改须写明理由。"))

    def prepare(self) -> None:
        """Begin with what the matter has, the register's own fields behind it."""
        row = self.matter
        for name in ("title", "requirement", "due"):
            self.fields[name].initial = getattr(row, name)
        for name, field in self.register.form_fields("editing").items():
            field.initial = row.fields.get(name)
            self.fields[OWN + name] = field
        if row.state == State.DRAFTED:
            del self.fields["reason"]

    def act_data(self) -> dict[str, Any]:
        """Return only what was changed, so that an act names only what it means."""
        data = {
            name: self.cleaned_data[name]
            for name in ("title", "requirement", "due")
            if self.cleaned_data[name] != getattr(self.matter, name) and self.cleaned_data[name] is not None
        }
        own = own_values(self)
        if any(self.matter.fields.get(name) != value for name, value in own.items()):
            data["fields"] = own
        return data | {"reason": self.cleaned_data.get("reason", "")}


class FilesForm(ActForm):
    """What forms share that take evidence: files to upload, and a choice of what one's unit handed in before."""

    kept: Sequence[tuple[str, str]] = ()
    shelf: Shelf

    def prepare(self) -> None:
        """Ask for files behind the other fields."""
        self.fields["files"] = Files()
        self.fields[AGAIN] = Again(self.actor)
        self.look_for(self.data.get(SEARCH, ""))

    def look_for(self, text: str, chosen: Sequence[str] = ()) -> None:
        """Fit what is offered to a search; what is ticked stays."""
        ticked = self.data.getlist(AGAIN) if isinstance(self.data, QueryDict) else chosen
        self.shelf = Shelf(self.actor, self.matter, text, ticked)

    def leave_unjudged(self) -> None:
        """Show the form as it was typed, without judging it: somebody only searched. Files stay stored by a mark."""
        self._errors, self.cleaned_data = ErrorDict(), {}
        try:
            uploaded = stored([one for one in self.files.getlist("files") if one])
        except ValidationError as error:
            self.add_error("files", error)
            uploaded = []
        self.kept = remember(kept_files(self.data.getlist("kept"), self.actor) + uploaded, self.actor)  # type: ignore[attr-defined]


class WorkForm(FilesForm):
    """What reports and submissions share: figures, milestones, feedback, files."""

    intro: ClassVar[Any] = ""

    def prepare(self) -> None:
        """Add a field for every target, the milestones not yet reached, the feedback that closing needs."""
        for target in self.matter.targets:
            label = _g("%(target)s（目标%(op)s%(value)s%(unit)s）实际完成") % {
                "target": target["of"],
                "op": {">=": "≥", "<=": "≤"}.get(target["op"], target["op"]),
                "value": target["value"],
                "unit": target["unit"],
            }
            self.fields[f"actual-{target['id']}"] = forms.CharField(
                label=label,
                required=False,
                max_length=30,
                initial=target["actual"],
                widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
            )
        open_ones = [(one["id"], one["title"]) for one in self.matter.milestones if not one["done"]]
        if open_ones:
            self.fields["done"] = forms.TypedMultipleChoiceField(
                label=_g("已完成的节点"),
                required=False,
                choices=open_ones,
                coerce=int,
                widget=forms.CheckboxSelectMultiple,
            )
        for one in self.register.closing.feedback:
            self.fields[f"feedback-{one.kind}"] = words_field(
                str(one.words), rows=2, required=False, initial=self.matter.feedback.get(one.kind, "")
            )
        super().prepare()

    def act_data(self) -> dict[str, Any]:
        """Return the figures and files in the shape that `perform` takes, without what stands as it stood."""
        found = {name: value for name, value in self.cleaned_data.items() if "-" not in name and name not in _FILES}
        figures = {target["id"]: target["actual"] for target in self.matter.targets}
        actuals = numbered(self.cleaned_data, "actual-")
        data = {name: value for name, value in found.items() if value is not None}
        return data | {
            "actuals": {number: value for number, value in actuals.items() if value and value != figures.get(number)},
            "done": found.get("done") or [],
            "feedback": {
                one.kind: words
                for one in self.register.closing.feedback
                if (words := self.cleaned_data.get(f"feedback-{one.kind}"))
                and words != self.matter.feedback.get(one.kind)
            },
            "evidence": files_of(self),
        }


class ReportForm(WorkForm):
    """Saying how far the work is."""

    note = words_field(_("进展情况"), required=False)
    progress = forms.IntegerField(
        label=_("进度（%）"),
        min_value=0,
        max_value=100,
        required=False,
        widget=forms.NumberInput({"min": 0, "max": 100}),
    )
    stuck = words_field(
        _("卡点"), most=500, rows=2, required=False, help_text=_("遇到什么困难、需要谁来协调；没有就留空。")
    )

    def prepare(self) -> None:
        """Begin with the progress and the obstacle as they stand."""
        super().prepare()
        self.fields["progress"].initial = self.matter.progress
        self.fields["stuck"].initial = self.matter.stuck


class SubmitForm(WorkForm):
    """Reporting a matter as done."""

    note = words_field(_("办理结果"))

    def prepare(self) -> None:
        """Ask also for the register's fields that closing needs and nobody has filled."""
        super().prepare()
        self.fields["note"].required = self.register.closing.note_required
        missing = {field.name for field in self.register.missing(self.matter.fields)}
        for name, field in self.register.form_fields("submitting").items():
            if name in missing:
                self.fields[OWN + name] = field

    def act_data(self) -> dict[str, Any]:
        """Return the register's fields too, where they were asked for."""
        own = own_values(self)
        return super().act_data() | ({"fields": own} if own else {})


class AttachForm(FilesForm):
    """Attaching evidence."""

    note = words_field(_("说明"), most=1000, rows=2, required=False)

    def prepare(self) -> None:
        """Ask for the files first."""
        self.fields, own = {}, self.fields
        super().prepare()
        self.fields |= own

    def act_data(self) -> dict[str, Any]:
        """Return the stored files."""
        return {"evidence": files_of(self), "note": self.cleaned_data["note"]}


class DetachForm(ActForm):
    """Taking evidence away."""

    evidence = forms.MultipleChoiceField(label=_("要撤下的材料"), widget=forms.CheckboxSelectMultiple)
    reason = words_field(_("理由"), most=1000, rows=2, required=False)

    def prepare(self) -> None:
        """Offer what is attached."""
        self.rows = {
            str(use.pk): use for use in self.matter.attachments.filter(detached=None).select_related("evidence")
        }
        choice = self.fields["evidence"]
        assert isinstance(choice, forms.MultipleChoiceField)
        choice.choices = [(key, use.name) for key, use in self.rows.items()]

    def act_data(self) -> dict[str, Any]:
        """Return the evidence."""
        chosen = [self.rows[key].evidence for key in self.cleaned_data["evidence"]]
        return {"evidence": chosen, "reason": self.cleaned_data["reason"]}


class VerifyForm(NoteForm):
    """Signing the step that is due."""

    grade = forms.ChoiceField(label=_("评价"), choices=Grade.choices, widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Ask for a grade only at the last step of a register that grades."""
        last = self.matter.step + 1 >= len(self.register.chain)
        if not (last and self.register.graded):
            del self.fields["grade"]


class RequestExtensionForm(ActForm):
    """Asking for a later due date."""

    to = day_field(_("申请延期至"))
    why = words_field(_("理由"), most=1000)


class GrantForm(ActForm):
    """Setting a later due date."""

    to = day_field(_("同意延期至"), required=False)
    why = words_field(_("说明"), most=1000, rows=2, required=False)

    def prepare(self) -> None:
        """Begin with the day asked for."""
        asked = self.matter.extension.get("to")
        self.fields["to"].initial = dt.date.fromisoformat(asked) if asked else None


class RefuseForm(ActForm):
    """Letting the due date stand."""

    why = words_field(_("理由"), most=1000)


class EscalateForm(ActForm):
    """Bringing a matter before a unit above."""

    why = words_field(_("理由"), most=1000)
    unit = UnitTyped(label=_("提级至"), required=False, help_text=_("不填则提级到上一级单位。"))


FORMS: Final[Mapping[Act, type[Any]]] = {
    Act.EDIT: EditForm,
    Act.PLAN: PlanForm,
    Act.ASSIGN: AssignForm,
    Act.ACCEPT: AcceptForm,
    Act.DECLINE: ReasonForm,
    Act.HAND_OVER: HandOverForm,
    Act.REPORT: ReportForm,
    Act.ATTACH: AttachForm,
    Act.DETACH: DetachForm,
    Act.SUBMIT: SubmitForm,
    Act.VERIFY: VerifyForm,
    Act.RETURN: ReasonForm,
    Act.REOPEN: AgainForm,
    Act.SUSPEND: ReasonForm,
    Act.RESUME: AgainForm,
    Act.CANCEL: CancelForm,
    Act.REQUEST_EXTENSION: RequestExtensionForm,
    Act.GRANT_EXTENSION: GrantForm,
    Act.REFUSE_EXTENSION: RefuseForm,
    Act.URGE: NoteForm,
    Act.ESCALATE: EscalateForm,
    Act.INSTRUCT: SayForm,
    Act.COMMENT: SayForm,
}
"""Act → its form; opening and splitting have the form of a new matter."""

_LEAD: Final = {Act.DECLINE: pgettext_lazy("act", "退回后由交办的人重新安排，请写明为什么不该由本单位牵头。")}


def form_for(act: Act, *args: Any, **options: Any) -> Any:
    """Return the form of an act."""
    return FORMS[act](*args, **options)


def own_values(form: forms.Form) -> dict[str, Any]:
    """Return the register's own fields of a form."""
    return {name.removeprefix(OWN): value for name, value in form.cleaned_data.items() if name.startswith(OWN)}


def numbered(values: Mapping[str, Any], prefix: str) -> dict[int, Any]:
    """Return the values of fields that carry a number behind `prefix`."""
    return {int(name.removeprefix(prefix)): value for name, value in values.items() if name.startswith(prefix)}


def files_of(form: ActForm) -> list[Any]:
    """Return the files of this try and of the tries before it, stored, and those chosen from what there is."""
    marks = form.data.getlist("kept") if hasattr(form.data, "getlist") else []
    uploaded = kept_files(marks, form.actor) + stored(form.cleaned_data.get("files") or [])
    return uploaded + (form.cleaned_data.get(AGAIN) or [])


def set_people(field: Any, matter: Matter, without: int | None = None) -> None:
    """Let a field offer who holds a post at the lead unit or below it today."""
    found: QuerySet[Person] = Person.objects.none()
    if matter.lead is not None:
        posts = posts_in_force(timezone.localdate()).filter(unit__path__startswith=matter.lead.path)
        found = Person.objects.filter(pk__in=posts.values("person")).exclude(pk=without or 0).order_by("name", "pk")
    field.queryset = found
    field.empty_label = "——"
