"""The forms of sign-in and of one's own account: allauth's, in our words."""

from __future__ import annotations

from typing import Any, Final, cast

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from luoshi.accounts.acts import NOBODY, note
from luoshi.accounts.address import client_address
from luoshi.accounts.models import Account
from luoshi.accounts.queries import one_time_is_over
from luoshi.ledger.canonical import Json

__all__ = ["ActivateForm", "AuthenticateForm", "ChangePasswordForm", "CodeAgainForm", "LoginForm", "PasswordAgainForm"]

LONGEST: Final = 128
"""No longer password is looked at."""

_LONGEST_NAME: Final = 150
_FOCUS: Final = {"autofocus": "autofocus"}


def _say(form: forms.Form, name: str, label: Any, **attributes: str) -> None:
    """Give a field our label, and its box no other text but what the browser needs to know."""
    field = form.fields[name]
    field.label = label
    field.widget.attrs.pop("placeholder", None)
    field.widget.attrs.update(attributes)
    if isinstance(field.widget, forms.PasswordInput):
        field.widget.attrs["maxlength"] = str(LONGEST)
        field.validators.append(MaxLengthValidator(LONGEST))


class LoginForm(account_forms.LoginForm):
    """User name and password; an address that ends in `?login=name` has the name filled in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {} if self.is_bound or self.request is None else self.request.GET
        name = asked.get("login", "")[:_LONGEST_NAME]
        self.initial.setdefault("login", name)
        first, second = ({}, _FOCUS) if name else (_FOCUS, {})
        plain = {"autocapitalize": "none", "spellcheck": "false"}
        _say(self, "login", _("用户名"), autocomplete="username", **plain, **first)
        _say(self, "password", _("密码"), autocomplete="current-password", **second)
        self.fields["password"].help_text = _("忘了密码请找安全管理员重置。")

    def clean_login(self) -> str:
        """Read the name as names are stored, however the keyboard was set."""
        return Account.normalize_username(self.cleaned_data["login"])

    def clean(self) -> dict[str, Any]:
        """Refuse a one-time password that is over; only who has typed it right is told so."""
        values: dict[str, Any] = super().clean()
        account = cast("Account | None", getattr(self, "user", None))
        if account is not None and account.is_active and one_time_is_over(account):
            data: dict[str, Json] = {"address": client_address(self.request), "why": "one_time_over"}
            note("account.sign_in_failed", by=NOBODY, account=account, data=data)
            raise ValidationError(_("这个一次性密码已过期，请找安全管理员换一个新的。"), code="one_time_over")
        return values


class PasswordAgainForm(account_forms.ReauthenticateForm):
    """The password once more, before something that cannot be taken back lightly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "password", _("密码"), autofocus="autofocus")
        self.fields["password"].help_text = ""


class ChangePasswordForm(account_forms.ChangePasswordForm):
    """The password in use, and a new one twice. Wrong tries count like those at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "oldpassword", _("现在的密码"), autofocus="autofocus")
        _say(self, "password1", _("新密码"))
        _say(self, "password2", _("再输一次新密码"))
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = _(
            "至少 10 个字符，混用大写字母、小写字母、数字、符号（含汉字）中的三种；或者 16 个以上的字符。"
        )

    def clean_oldpassword(self) -> str:
        """Check the password in use."""
        if not get_adapter().reauthenticate(self.user, self.cleaned_data["oldpassword"]):
            raise get_adapter().validation_error("enter_current_password")
        return str(self.cleaned_data["oldpassword"])

    def clean(self) -> dict[str, Any]:
        """Want two equal new ones that differ from the old one."""
        values: dict[str, Any] = forms.Form.clean(self) or {}
        new = values.get("password1")
        if new and values.get("password2") and new != values["password2"]:
            self.add_error("password2", ValidationError(_("两次输入的新密码不一样，请重新输入。"), code="unlike"))
        if new and new == values.get("oldpassword"):
            self.add_error("password1", ValidationError(_("新密码要和现在的不一样。"), code="same"))
        return values


class AuthenticateForm(code_forms.AuthenticateForm):
    """The code of the second step at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("验证码"), autofocus="autofocus", autocomplete="one-time-code", maxlength="20")
        self.fields["code"].help_text = _("手机验证器上的 6 位数字；手机不在身边时用一个恢复码。")


class CodeAgainForm(code_forms.ReauthenticateForm):
    """The code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("验证码"), autofocus="autofocus", autocomplete="one-time-code", maxlength="20")


class ActivateForm(totp_forms.ActivateTOTPForm):
    """The first code, which proves that the telephone has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self, "code", _("验证码"), autocomplete="one-time-code", inputmode="numeric", maxlength="10")
        self.fields["code"].help_text = _("手机上显示的 6 位数字。")
