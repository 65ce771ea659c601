"""What allauth asks us: where we differ from a site that anybody may join by e-mail."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, Final

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from luoshi.accounts import actions
from luoshi.accounts.address import client_address

if TYPE_CHECKING:
    from luoshi.accounts.models import Account

_WORDS: Final = {
    "account/messages/password_changed.txt": _("密码已修改，其他设备上的登录都已退出。"),
    "mfa/messages/totp_activated.txt": _("两步验证已开启。"),
    "mfa/messages/totp_deactivated.txt": _("两步验证已关闭。"),
}

FACTOR_LOST: Final = "second_factor_lost"
"""The code of what is said where no key fits a second factor's secrets any more."""

__all__ = ["FACTOR_LOST", "AccountAdapter", "SecondFactorAdapter"]


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up, no e-mail, our words, and every change of a password through our own action."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不对。连续输错 5 次，15 分钟内不能再试。"),
        "incorrect_password": _("密码不对，请重新输入。"),
        "enter_current_password": _("现在的密码不对，请重新输入。"),
        "too_many_login_attempts": _("试的次数太多，请 15 分钟后再试。"),
        "rate_limited": _("试的次数太多，请 15 分钟后再试。"),
        "incorrect_code": _("验证码不对，请看手机上当前的 6 位数字，或用一个没用过的恢复码。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 — allauth's signature
        """Accounts are made by the security administrator only."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: there is no e-mail here."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing: there is no e-mail here."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave counting failures to axes: allauth counts by name alone, so strangers could lock colleagues out."""

    def add_message(  # noqa: PLR0913, PLR0917 — allauth's signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002 — as above
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what we have words for, and nothing else: that somebody is signed in can be seen."""
        words = message or _WORDS.get(message_template or "")
        if words:
            messages.add_message(request, level, str(words), extra_tags=extra_tags)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that everything here goes by."""
        return client_address(request)

    def is_safe_url(self, url: str | None) -> bool:
        """Let nobody be led away from this very site after signing in."""
        from allauth.core import context  # noqa: PLC0415 — allauth's current request, there during requests only

        return url_has_allowed_host_and_scheme(url, allowed_hosts={context.request.get_host()})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 — allauth's signature
        """Lead to the work once the password is changed."""
        return reverse("home")

    def clean_password(self, password: str, user: Account | None = None) -> str:
        """Hold a new password against the rules; ValidationError names all that it breaks."""
        validate_password(password, user)
        return password

    def set_password(self, user: Account, password: str) -> None:
        """Give the holder the password they chose."""
        actions.change_own_password(user, password=password)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are stored encrypted, so that a copy of the database alone is no second factor."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": _("先开启两步验证，再生成恢复码。"),
    }

    def encrypt(self, text: str) -> str:
        """Return `text` encrypted under the installation's secret key."""
        return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return what was encrypted, under today's key or one that it has replaced; ValidationError where none fits."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            try:
                return _cipher(key).decrypt(encrypted_text.encode()).decode()
            except InvalidToken:
                continue
        raise ValidationError(_("本系统的密钥换过，两步验证用不了了；请安全管理员关闭后重新开启。"), code=FACTOR_LOST)


def _cipher(key: str | bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"luoshi.second-factor:" + force_bytes(key)).digest()))
