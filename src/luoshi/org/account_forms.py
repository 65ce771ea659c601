"""The forms of the pages of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luoshi.accounts.models import Account, SignInRules
from luoshi.org.account_queries import STATES
from luoshi.org.enums import Role
from luoshi.org.forms import UnitField

if TYPE_CHECKING:
    _RulesForm = forms.ModelForm[SignInRules]
else:
    _RulesForm = forms.ModelForm

__all__ = ["FilterForm", "LockForm", "ManyForm", "NewForm", "RulesForm"]


class FilterForm(forms.Form):
    """Which accounts to list."""

    q = forms.CharField(label=_("用户名、姓名或单位"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)


class ManyForm(forms.Form):
    """Who of those without an account are to get one."""

    unit = UnitField(
        label=_("单位及下属单位"),
        required=False,
        help_text="",
        widget=forms.TextInput({"data-pick": "unit", "autocomplete": "off", "placeholder": _("全部单位")}),
    )
    role = forms.ChoiceField(
        label=_("角色"),
        required=False,
        choices=[("", _("全部")), *((role.value, role.label) for role in Role if role not in Role.admins)],
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what `account_bulk.survey` is asked; for a form that is valid."""
        return {"unit": self.cleaned_data["unit"], "role": self.cleaned_data["role"]}


class NewForm(forms.Form):
    """The name of a new account."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=64,
        help_text=_("字母、数字、汉字和 @ . + - _ ，大小写不分；通常用工号。建好后不能改。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_username(self) -> str:
        """Read the name as names are stored."""
        return Account.normalize_username(self.cleaned_data["username"])


class LockForm(forms.Form):
    """Why nobody may sign in with an account."""

    why = forms.CharField(label=_("缘由"), max_length=200, help_text=_("会写进操作记录，审计管理员看得到。"))


class RulesForm(_RulesForm):
    """What is asked of every account."""

    class Meta:
        model = SignInRules
        fields = ("totp_for_admins", "password_days")
        help_texts = {  # noqa: RUF012 — Django's own form of options
            "totp_for_admins": _("没有开启两步验证的管理员，登录后先要开启，才能做别的。"),
            "password_days": _("至少 30 天；不填就长期有效。期满后登录时要先改密码。"),
        }
