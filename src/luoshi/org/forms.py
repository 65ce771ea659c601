"""What the pages of the organisation ask for; each form feeds one action, which has the last word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from luoshi.org.enums import GroupKind, Role, Stage, UnitKind
from luoshi.org.exchange.reading import MAX_BYTES
from luoshi.org.models import Group, Person, Unit
from luoshi.org.queries import open_groups, search_units
from luoshi.org.rules import squeezed
from luoshi.org.told import listed

__all__ = [
    "ChangeUnitForm",
    "CloseUnitForm",
    "DayForm",
    "DeputyForm",
    "GroupForm",
    "LeaveForm",
    "MembersForm",
    "MergeForm",
    "MoveForm",
    "NewGroupForm",
    "NewPersonForm",
    "NewUnitForm",
    "PersonForm",
    "PostForm",
    "ReasonForm",
    "UploadForm",
]


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day; empty means what the help text says."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=DayInput(), input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"], **given)


class UnitField(forms.CharField):
    """One open unit, by what somebody types: its code, or a name that fits it alone."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("help_text", _("填单位代码、全称或简称。"))
        super().__init__(max_length=120, **given)

    def clean(self, value: Any) -> Unit | None:
        """Return the unit; a name that fits several is refused with the likeliest of them."""
        text = super().clean(value)
        return _found_unit(text) if text else None


class UnitsField(forms.CharField):
    """Several open units, one a line."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("help_text", _("每行一个单位：代码、全称或简称。"))
        super().__init__(widget=forms.Textarea(attrs={"rows": 5}), **given)

    def clean(self, value: Any) -> list[Unit]:
        """Return the units; the first line that fits none or several is refused."""
        text = super().clean(value)
        return [_found_unit(line) for line in text.splitlines() if line.strip()]


def _found_unit(text: str) -> Unit:
    found = search_units(text, most=6)
    wanted = squeezed(text)
    same = [unit for unit in found if wanted in {squeezed(name) for name in (unit.code, unit.name, *unit.short_names)}]
    if len(same) == 1 or len(found) == 1:
        return (same or found)[0]
    if not found:
        raise ValidationError(_g("没有叫“%(text)s”的在用单位，请改写。"), code="no_unit", params={"text": text})
    names = listed(f"{unit.name}（{unit.code}）" for unit in found[:5])
    raise ValidationError(
        _g("有几个单位与“%(text)s”相符：%(names)s。请填代码。"),
        code="many_units",
        params={"text": text, "names": names},
    )


class PersonField(forms.CharField):
    """One person who is here, by name or staff number."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("help_text", _("填姓名或工号。"))
        super().__init__(max_length=80, **given)

    def clean(self, value: Any) -> Person | None:
        """Return the person; a name that several bear is refused."""
        text = "".join(super().clean(value).split())
        if not text:
            return None
        by_number = Person.objects.filter(staff_no__iexact=text, left_on=None).first()
        found = [by_number] if by_number else list(Person.objects.filter(name=text, left_on=None)[:2])
        if len(found) == 1:
            return found[0]
        message = _g("有几个人叫“%(text)s”，请填工号。") if found else _g("没有叫“%(text)s”的在岗人员，请改写。")
        raise ValidationError(message, code="no_person", params={"text": text})


class ReasonForm(forms.Form):
    """Why something is done."""

    why = forms.CharField(label=_("缘由"), max_length=200, required=False)


class DayForm(ReasonForm):
    """From which day on, and why."""

    on = DayField(label=_("从哪天起"), required=False, help_text=_("空着就是今天。"))
    field_order: tuple[str, ...] = ("on", "why")


class ChangeUnitForm(DayForm):
    """What a unit is called and does."""

    name = forms.CharField(label=_("全称"), max_length=120)
    short_names = forms.CharField(label=_("简称"), max_length=600, required=False, help_text=_("几个简称用顿号隔开。"))
    kind = forms.ChoiceField(label=_("类别"), choices=UnitKind.choices)
    stage = forms.ChoiceField(label=_("学段"), choices=Stage.choices, required=False)
    duties = forms.CharField(label=_("职责"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    field_order: tuple[str, ...] = (
        "code",
        "name",
        "short_names",
        "kind",
        "stage",
        "parent",
        "duties",
        "on",
        "opened_on",
        "why",
    )


class NewUnitForm(ChangeUnitForm):
    """A unit to be opened."""

    code = forms.CharField(label=_("单位代码"), max_length=40, help_text=_("起好以后不能改，停用后也不给别的单位用。"))
    parent = UnitField(label=_("上级单位"), required=False)
    opened_on = DayField(label=_("启用日期"), required=False, help_text=_("空着就是今天。"))
    on = None  # type: ignore[assignment]  # Django's way to leave an inherited field out


class MoveForm(DayForm):
    """Where a unit goes."""

    to = UnitField(label=_("移到哪个单位下"), required=False, help_text=_("空着就移到最上一级。"))
    field_order: tuple[str, ...] = ("to", "on", "why")


class MergeForm(DayForm):
    """Which unit goes on in another's place."""

    into = UnitField(label=_("并入哪个单位"))
    posts = forms.ChoiceField(
        label=_("人员"),
        choices=(("move", _("到并入的单位担任同样的职务（待安全管理员确认）")), ("end", _("任职到此结束"))),
        widget=forms.RadioSelect,
        initial="move",
    )
    groups = forms.ChoiceField(
        label=_("所在的单位组"),
        choices=(("move", _("由并入的单位接替")), ("end", _("到此退出"))),
        widget=forms.RadioSelect,
        initial="move",
    )
    field_order: tuple[str, ...] = ("into", "posts", "groups", "on", "why")


class CloseUnitForm(DayForm):
    """What becomes of a closing unit's people and of the units below it."""

    posts = forms.BooleanField(label=_("一并结束这里的任职"), required=False)
    children = forms.ChoiceField(
        label=_("下面的单位"),
        choices=(("", _("下面没有在用的单位")), ("close", _("一并停用")), ("move", _("移到别的单位下"))),
        widget=forms.RadioSelect,
        required=False,
    )
    to = UnitField(label=_("移到哪个单位下"), required=False)
    field_order: tuple[str, ...] = ("posts", "children", "to", "on", "why")

    def clean(self) -> dict[str, Any]:
        """Ask for the receiving unit where the units below move."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("children") == "move" and not data.get("to") and "to" not in self.errors:
            self.add_error("to", _g("请填接收下面单位的单位。"))
        return data


class PersonForm(forms.Form):
    """What is known of a person."""

    name = forms.CharField(label=_("姓名"), max_length=80)
    phone = forms.CharField(label=_("办公电话"), max_length=40, required=False)
    field_order: tuple[str, ...] = ("staff_no", "name", "phone")


class NewPersonForm(PersonForm):
    """Somebody to be added."""

    staff_no = forms.CharField(label=_("工号"), max_length=40, help_text=_("起好以后不能改。"))


class LeaveForm(ReasonForm):
    """The last day of something."""

    on = DayField(label=_("最后一天"), required=False, help_text=_("空着就是今天。"))
    field_order: tuple[str, ...] = ("on", "why")


class PostForm(forms.Form):
    """A post to be proposed."""

    unit = UnitField(label=pgettext_lazy("one", "单位"))
    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    title = forms.CharField(label=_("职务"), max_length=80, required=False)
    area = forms.ModelChoiceField(
        label=_("包片或责任区"),
        queryset=Group.objects.none(),
        required=False,
        help_text=_("督学必填；局领导不填就是全局。"),
    )
    registers = forms.CharField(
        label=_("可看的保密台账"), max_length=400, required=False, help_text=_("填台账代码，几个用顿号隔开。")
    )
    since = DayField(label=_("从哪天起"), required=False, help_text=_("空着就是今天。"))
    until = DayField(label=_("到哪天止"), required=False, help_text=_("空着就是没有期限。"))

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        area = self.fields["area"]
        assert isinstance(area, forms.ModelChoiceField)
        area.queryset = open_groups()


class GroupForm(forms.Form):
    """What a group is."""

    name = forms.CharField(label=_("名称"), max_length=120)
    kind = forms.ChoiceField(label=_("类别"), choices=GroupKind.choices)
    field_order: tuple[str, ...] = ("code", "name", "kind")


class NewGroupForm(GroupForm):
    """A group to be opened."""

    code = forms.CharField(label=_("代码"), max_length=40)


class MembersForm(forms.Form):
    """Units to be added to a group."""

    units = UnitsField(label=_("加入的单位"))
    since = DayField(label=_("从哪天起"), required=False, help_text=_("空着就是今天。"))


class DeputyForm(ReasonForm):
    """Who stands in, and when."""

    person = PersonField(label=_("代理人"))
    since = DayField(label=_("从哪天起"))
    until = DayField(label=_("到哪天止"))
    field_order: tuple[str, ...] = ("person", "since", "until", "why")


class UploadForm(forms.Form):
    """A file to be looked at before it is imported."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_("xlsx 工作簿，或一张表的 csv；先检查，不会马上导入。"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large to be an organisation."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            message = _g("文件超过%(most)dMB，请只留下四张表再导入。")
            raise ValidationError(message, code="too_large", params={"most": MAX_BYTES >> 20})
        return file
