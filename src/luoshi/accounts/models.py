"""The account: a name to sign in with, a password, and no rights of its own; and what the authority asks of all."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

__all__ = ["Account", "AccountManager", "PreparedAccount", "SignInRules"]


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; passwords are hashed, never stored."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Account:
        """Return a new account; without a password nobody can sign in with it until one is set."""
        account = self.model(username=self.model.normalize_username(username), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        """Return the account of this name, however it was typed: full-width and capital letters are the same."""
        return self.get(username=self.model.normalize_username(username or ""))


class Account(AbstractBaseUser):
    """One person's way in. Rights come from posts (`org`), so an account without a post sees only itself.

    `is_active` is off while the account is locked by an administrator. `session_epoch` goes up when all sessions are
    ended at once: a session is worth something only under the password and the epoch it was begun with.
    `one_time_until` is set as long as the password is a one-time password: after it nobody signs in with it.
    Changed only by `accounts.actions`.
    """

    username = models.CharField(
        _("用户名"),
        max_length=64,
        unique=True,
        validators=[UnicodeUsernameValidator()],
        error_messages={"unique": _("这个用户名已有人用，请换一个。")},
    )
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(_("下次登录须改密码"), default=False)
    password_changed_at = models.DateTimeField(_("密码修改时间"), null=True, blank=True)
    one_time_until = models.DateTimeField(_("一次性密码有效至"), null=True, blank=True)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = _("账号")
        constraints = (
            models.CheckConstraint(name="username_in_small_letters", condition=Q(username=Lower("username"))),
        )

    def __str__(self) -> str:
        return self.username

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Return the one form of a name: letters of normal width, small, nothing around them."""
        return super().normalize_username(username).strip().lower()

    @property
    def shown_name(self) -> str:
        """The holder's name where `org` has hung a person on this account, else the user name."""
        person = getattr(self, "person", None)
        return self.username if person is None else str(person)

    def get_session_auth_hash(self) -> str:
        """Return what a session must know to go on: it changes with the password and the epoch."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Any:
        """Yield the same under the keys that the installation used before."""
        from django.conf import settings  # noqa: PLC0415 — as Django's own method does

        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._session_hash(secret)

    def _session_hash(self, secret: str | bytes | None) -> str:
        value = f"{self.session_epoch}:{self.password}"
        return salted_hmac("luoshi.accounts.session", value, secret=secret, algorithm="sha256").hexdigest()


class SignInRules(models.Model):
    """What the authority asks of every account beyond the built-in rules: one row at most, none means the defaults.

    `password_days` is how long a password may be used; nothing means for ever. Changed only by `accounts.actions`.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    totp_for_admins = models.BooleanField(_("三类管理员必须使用两步验证"), default=False)
    password_days = models.PositiveSmallIntegerField(_("密码有效天数"), null=True, blank=True)

    class Meta:
        verbose_name = _("登录规则")
        verbose_name_plural = _("登录规则")
        constraints = (
            models.CheckConstraint(name="one_row_of_sign_in_rules", condition=Q(id=1)),
            models.CheckConstraint(
                name="password_lasts_a_month_at_least", condition=Q(password_days=None) | Q(password_days__gte=30)
            ),
        )

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class PreparedAccount(models.Model):
    """One account of many that are about to be made: its password is hashed ahead, for that takes a while.

    `holder` is the key of whom it is for, which the room above gives. `sealed` is the one-time password under a key
    that only the preparing administrator's browser has, so a copy of the database cannot tell it. Rows are gone when
    the accounts are made, when they are given up, and after a day. Changed only by `accounts.preparing`.
    """

    by = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    holder = models.BigIntegerField()
    username = models.CharField(max_length=64)
    password = models.CharField(max_length=128, blank=True, default="")
    sealed = models.TextField(blank=True, default="")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("待建账号")
        verbose_name_plural = _("待建账号")
        constraints = (
            models.UniqueConstraint(name="one_preparation_of_an_account", fields=["by", "holder"]),
            models.CheckConstraint(
                name="prepared_whole_or_not_yet",
                condition=Q(password="", sealed="") | (~Q(password="") & ~Q(sealed="")),
            ),
        )

    def __str__(self) -> str:
        return self.username
