"""The first three administrators: nobody can sign in before them, and no password is built in.

There is no security administrator yet to make accounts and confirm posts, so this is done at the server's terminal by
the system's own actor. Everything goes through the same actions as later, and stands in the record.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from luoshi.accounts.models import Account
from luoshi.org.account_actions import create_account
from luoshi.org.actions import add_person, confirm_post, open_unit, propose_post
from luoshi.org.enums import Role, UnitKind
from luoshi.org.models import Post, Unit
from luoshi.org.policy import SYSTEM_ACTOR
from luoshi.words import Language, Words

__all__ = ["FirstAdministrator", "Terminal", "ask", "create_first_administrators", "done"]

ROLES: Final = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)

_WHO: Final = {
    Role.SYSTEM_ADMIN: Words("系统管理员：管单位、人员和台账", "The system administrator: units, people and registers"),
    Role.SECURITY_ADMIN: Words(
        "安全管理员：管账号，确认任职", "The security administrator: accounts, and which posts hold"
    ),
    Role.AUDIT_ADMIN: Words(
        "审计管理员：看操作记录，管前两位", "The audit administrator: the records, of the other two as well"
    ),
}
_AUTHORITY: Final = Words("本单位（教育局）全称", "Full name of the authority")
_CODE: Final = Words("本单位代码（回车就用 %s；定了不能改）", "code of the authority (Enter takes %s; it stays)")
_NAME: Final = Words("姓名", "name")
_STAFF_NO: Final = Words("工号", "staff number")
_USERNAME: Final = Words("用户名（回车就用 %s）", "user name (Enter takes %s)")
_PASSWORD: Final = Words("密码（输入时不显示；直接回车就由系统生成）", "password (not shown; Enter lets one be made)")
_AGAIN: Final = Words("再输一次密码", "the password again")
_UNLIKE: Final = Words("两次输入的不一样，请重输。", "The two are not alike; type them again.")
_BEGIN: Final = Words(
    "还没有管理员。现在建立三位管理员，要由三个人分别担任（Ctrl-C 放弃）。",
    "There is no administrator yet. Three are made now, to be three different people (Ctrl-C gives up).",
)
_MADE: Final = Words("已建立三位管理员：", "The three administrators were made:")
_OWN: Final = Words("用自己设的密码登录", "signs in with the password just typed")
_ONCE: Final = Words(
    "一次性密码 %s （只显示这一次，登录后要改）", "one-time password %s (shown only now; to be changed at sign-in)"
)


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """One of the three, as they are typed in; without a password they get one to be changed at sign-in."""

    name: str
    staff_no: str
    username: str
    password: str = ""


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where questions are asked: lines in, secrets in, text out."""

    line: Callable[[str], str] = input
    secret: Callable[[str], str] = getpass.getpass
    write: Callable[[str], object] = sys.stdout.write


def done() -> bool:
    """Tell whether there has been an administrator who could sign in; asking for the first ones is over then."""
    return Post.objects.filter(role__in=Role.admins, person__account__isnull=False, confirmed_at__isnull=False).exists()


@transaction.atomic
def create_first_administrators(
    people: Mapping[Role, FirstAdministrator], *, authority: str = "", code: str = "01"
) -> dict[Role, tuple[Account, str]]:
    """Make the three administrators, with accounts and posts in force; return accounts and one-time passwords.

    They belong to the topmost unit, which is opened as `authority` under `code` where there is none. All or nothing.
    ValidationError where there are administrators already, one of the three is missing, one person would be two of
    them, a user name is taken, or a password breaks the rules.
    """
    if done():
        raise ValidationError(_("已经有管理员了；增加管理员请由系统管理员提出、安全管理员确认。"), code="done")
    if set(people) != set(ROLES):
        raise ValidationError(_("要同时给出系统、安全、审计三位管理员。"), code="three_needed")
    _refuse_one_for_two(list(people.values()))
    unit = Unit.objects.filter(depth=1).order_by("path").first()
    if unit is None:
        unit = open_unit(by=SYSTEM_ACTOR, code=code, name=authority, kind=UnitKind.AUTHORITY)
    return {role: _make(role, people[role], unit) for role in ROLES}


def _make(role: Role, given: FirstAdministrator, unit: Unit) -> tuple[Account, str]:
    _check_password(given)
    person = add_person(by=SYSTEM_ACTOR, name=given.name, staff_no=given.staff_no)
    account, once = create_account(person, by=SYSTEM_ACTOR, username=given.username, password=given.password)
    confirm_post(propose_post(person, unit, by=SYSTEM_ACTOR, role=role), by=SYSTEM_ACTOR)
    return account, once


def _check_password(given: FirstAdministrator) -> None:
    if given.password:
        validate_password(given.password, Account(username=Account.normalize_username(given.username)))


def _refuse_one_for_two(people: list[FirstAdministrator]) -> None:
    for values in (
        [person.name.strip() for person in people],
        [person.staff_no.strip().casefold() for person in people],
        [Account.normalize_username(person.username) for person in people],
    ):
        if len(set(values)) < len(values):
            raise ValidationError(
                _("三位管理员要由三个人分别担任：姓名、工号、用户名都不能相同。"), code="one_person_for_two"
            )


def ask(language: Language, terminal: Terminal | None = None) -> bool:
    """Ask at the terminal for the three administrators and make them; tell whether that was done.

    What cannot be is said at once and asked again; leaving (Ctrl-C, end of input) makes nothing.
    """
    terminal = terminal or Terminal()
    asking = _Asking(language, terminal)
    with translation.override("zh-hans" if language == "zh" else "en"):
        asking.say(_BEGIN)
        while True:
            try:
                unit = {} if Unit.objects.exists() else asking.authority()
                made = create_first_administrators({role: asking.person(role) for role in ROLES}, **unit)
            except ValidationError as refused:
                asking.out(" ".join(refused.messages))
                continue
            except (EOFError, KeyboardInterrupt):
                asking.out("")
                return False
            break
        _tell(asking, made)
    return True


def _tell(asking: _Asking, made: Mapping[Role, tuple[Account, str]]) -> None:
    asking.say(_MADE)
    for role, (account, once) in made.items():
        how = asking.words(_ONCE) % once if once else asking.words(_OWN)
        asking.out(f"  {role.label}  {account.username}  {how}")


@dataclass(frozen=True, slots=True)
class _Asking:
    """The questions, in one language."""

    language: Language
    terminal: Terminal

    def words(self, words: Words) -> str:
        return words.in_(self.language)

    def out(self, text: str) -> None:
        self.terminal.write(text + "\n")

    def say(self, words: Words) -> None:
        self.out(self.words(words))

    def line(self, words: Words, otherwise: str = "") -> str:
        """Ask until something is typed, or take what stands otherwise."""
        prompt = self.words(words).replace("%s", otherwise) + self.words(Words("：", ": "))
        while True:
            answer = self.terminal.line(prompt).strip() or otherwise
            if answer:
                return answer

    def authority(self) -> dict[str, str]:
        """Ask what the topmost unit is called."""
        return {"authority": self.line(_AUTHORITY), "code": self.line(_CODE, "01")}

    def person(self, role: Role) -> FirstAdministrator:
        """Ask for one administrator."""
        self.say(_WHO[role])
        name, staff_no = self.line(_NAME), self.line(_STAFF_NO)
        username = self.line(_USERNAME, staff_no)
        while True:
            given = FirstAdministrator(name, staff_no, username, self.password())
            try:
                _check_password(given)
            except ValidationError as refused:
                self.out(" ".join(refused.messages))
                continue
            return given

    def password(self) -> str:
        """Ask for a password twice; nothing typed means that one is to be made."""
        colon = self.words(Words("：", ": "))
        while True:
            first = self.terminal.secret(self.words(_PASSWORD) + colon)
            if not first or self.terminal.secret(self.words(_AGAIN) + colon) == first:
                return first
            self.say(_UNLIKE)
