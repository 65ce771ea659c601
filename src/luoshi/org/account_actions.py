"""What the security's administrator does to other people's accounts.

The three administrators cannot stand in for one another, so none of them may take over another's account: what gives
entry to an administrator's account (password, second factor, lock) is done at the server's command line only, by the
system's own actor, and stands in the record like everything here. One's own account is looked after on its own pages.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luoshi.accounts import actions as accounts
from luoshi.accounts.models import Account, SignInRules
from luoshi.org.account_gate import is_administrator
from luoshi.org.models import Person
from luoshi.org.policy import SYSTEM_ACTOR, Actor, RefusedError, require

__all__ = [
    "change_rules",
    "create_account",
    "end_sessions",
    "lift_lock_out",
    "lock_account",
    "refusal",
    "remove_totp",
    "reset_password",
    "unlock_account",
]

ACT = "account.change"
_OWN = gettext_lazy("自己的账号请在“修改密码”“两步验证”里办理")
_ADMINISTRATOR = gettext_lazy("管理员的账号不能由别的管理员处理，请在服务器上用 luoshi account 命令办理")


def refusal(account: Account, *, by: Actor) -> RefusedError | None:
    """Return why `by` may not change the entry to this account; nothing where they may."""
    if by is SYSTEM_ACTOR:
        return None
    if account.pk == by.account_id:
        return RefusedError(ACT, _OWN)
    return RefusedError(ACT, _ADMINISTRATOR) if is_administrator(account) else None


@transaction.atomic
def create_account(person: Person, *, by: Actor, username: str, password: str = "") -> tuple[Account, str]:
    """Give somebody an account; return it with its one-time password, which cannot be shown again.

    Refuses somebody who has an account or has left, and a name that is taken.
    """
    require(by, ACT)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.account_id is not None:
        raise ValidationError(_("%(name)s已经有账号了。"), code="has_account", params={"name": person.name})
    if person.left_on is not None and person.left_on < timezone.localdate():
        raise ValidationError(_("%(name)s已离岗，不能建账号。"), code="person_left", params={"name": person.name})
    account, once = accounts.create_account(username=username, password=password, by=by.author, why=person.name)
    person.account = account
    person.save(update_fields=["account"])
    return account, once


def reset_password(account: Account, *, by: Actor) -> str:
    """Give an account a one-time password and return it; refuses administrators' and one's own."""
    _require(account, by)
    return accounts.reset_password(account, by=by.author)


def lock_account(account: Account, *, by: Actor, why: str) -> None:
    """Let nobody sign in with an account, and end its sessions; refuses administrators' and one's own."""
    _require(account, by)
    accounts.lock_account(account, by=by.author, why=why)


def unlock_account(account: Account, *, by: Actor, why: str = "") -> None:
    """Let the holder sign in again; refuses administrators' accounts and one's own."""
    _require(account, by)
    accounts.unlock_account(account, by=by.author, why=why)


def remove_totp(account: Account, *, by: Actor) -> None:
    """Take away a second factor that was lost; refuses administrators' and one's own."""
    _require(account, by)
    accounts.remove_totp(account, by=by.author)


def lift_lock_out(account: Account, *, by: Actor) -> int:
    """Forget failed sign-ins, anybody's: it opens nothing to who does not know the password."""
    require(by, ACT)
    return accounts.lift_lock_out(account, by=by.author)


def end_sessions(account: Account, *, by: Actor) -> None:
    """End all sessions of an account, anybody's: its holder can sign in again."""
    require(by, ACT)
    accounts.end_all_sessions(account, by=by.author)


def change_rules(*, totp_for_admins: bool, password_days: int | None, by: Actor) -> SignInRules:
    """Set what is asked of every account."""
    require(by, ACT)
    return accounts.change_rules(totp_for_admins=totp_for_admins, password_days=password_days, by=by.author)


def _require(account: Account, by: Actor) -> None:
    require(by, ACT)
    refused = refusal(account, by=by)
    if refused is not None:
        raise refused
