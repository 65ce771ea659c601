"""The pages of accounts, for the security's administrator."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luoshi.accounts.models import Account
from luoshi.accounts.queries import locked_until, rules
from luoshi.org import account_actions as actions
from luoshi.org.account_forms import FilterForm, LockForm, NewForm, RulesForm
from luoshi.org.account_gate import asked_again
from luoshi.org.account_queries import PAGE, accounts, people_without_account, rows
from luoshi.org.gate import SignedIn, gated
from luoshi.org.models import Person

__all__ = [
    "account",
    "choose_person",
    "end_sessions",
    "lift_lock_out",
    "list_accounts",
    "lock",
    "new",
    "remove_totp",
    "reset",
    "sign_in_rules",
    "unlock",
]

_CANDIDATES = 50


@gated("account.change")
@require_GET
def list_accounts(request: SignedIn) -> HttpResponse:
    """List accounts with their people, a page at a time."""
    form = FilterForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = accounts(text=asked.get("q", ""), state=asked.get("state", ""), after=request.GET.get("after", ""))
    shown = rows(found[: PAGE + 1])
    following = ""
    if len(shown) > PAGE:
        shown = shown[:PAGE]
        following = "?" + urlencode({**asked, "after": shown[-1].account.username})
    first = "?" + urlencode(asked) if request.GET.get("after") else ""
    return render(request, "accounts/list.html", {"form": form, "rows": shown, "following": following, "first": first})


@gated("account.change")
@require_GET
def account(request: SignedIn, number: int) -> HttpResponse:
    """Show one account, and what can be done to it."""
    return _shown(request, get_object_or_404(Account, pk=number), LockForm())


@gated("account.change")
@require_GET
def choose_person(request: SignedIn) -> HttpResponse:
    """Find who needs an account."""
    text = request.GET.get("q", "")[:80]
    people = list(people_without_account(text)[: _CANDIDATES + 1])
    more = len(people) > _CANDIDATES
    values = {"text": text, "people": people[:_CANDIDATES], "more": more}
    return render(request, "accounts/choose_person.html", values)


@gated("account.change")
@require_http_methods(["GET", "POST"])
@asked_again
def new(request: SignedIn, person: int) -> HttpResponse:
    """Make an account for somebody, and show its one-time password this once."""
    holder = get_object_or_404(Person, pk=person, account=None)
    form = NewForm(request.POST or None, initial={"username": holder.staff_no})
    if form.is_valid():
        try:
            made, once = actions.create_account(holder, by=request.actor, username=form.cleaned_data["username"])
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            return render(request, "accounts/once.html", {"account": made, "once": once, "is_new": True})
    return render(request, "accounts/new.html", {"person": holder, "form": form})


@gated("account.change")
@require_POST
@asked_again
def reset(request: SignedIn, number: int) -> HttpResponse:
    """Give an account a one-time password, and show it this once."""
    row = get_object_or_404(Account, pk=number)
    once = actions.reset_password(row, by=request.actor)
    return render(request, "accounts/once.html", {"account": row, "once": once, "is_new": False})


@gated("account.change")
@require_POST
@asked_again
def lock(request: SignedIn, number: int) -> HttpResponse:
    """Lock an account, for a reason."""
    row = get_object_or_404(Account, pk=number)
    form = LockForm(request.POST)
    if not form.is_valid():
        return _shown(request, row, form)
    actions.lock_account(row, by=request.actor, why=form.cleaned_data["why"])
    messages.success(request, _("账号已停用，正在使用的设备都已退出。"))
    return redirect("accounts:account", number)


@gated("account.change")
@require_POST
@asked_again
def unlock(request: SignedIn, number: int) -> HttpResponse:
    """Unlock an account."""
    return _done(request, number, actions.unlock_account, _("账号已启用，密码还是原来的。"))


@gated("account.change")
@require_POST
@asked_again
def lift_lock_out(request: SignedIn, number: int) -> HttpResponse:
    """Let somebody try again who has failed too often."""
    return _done(request, number, actions.lift_lock_out, _("可以重新登录了。"))


@gated("account.change")
@require_POST
@asked_again
def end_sessions(request: SignedIn, number: int) -> HttpResponse:
    """End all sessions of an account."""
    return _done(request, number, actions.end_sessions, _("这个账号在所有设备上都已退出。"))


@gated("account.change")
@require_POST
@asked_again
def remove_totp(request: SignedIn, number: int) -> HttpResponse:
    """Take the second factor away from somebody who has lost it."""
    return _done(request, number, actions.remove_totp, _("两步验证已关闭，登录只用密码。"))


@gated("account.change")
@require_http_methods(["GET", "POST"])
@asked_again
def sign_in_rules(request: SignedIn) -> HttpResponse:
    """Show and set what is asked of every account."""
    form = RulesForm(request.POST or None, instance=rules())
    if form.is_valid():
        asked = form.cleaned_data
        actions.change_rules(
            totp_for_admins=asked["totp_for_admins"], password_days=asked["password_days"], by=request.actor
        )
        messages.success(request, _("登录规则已保存。"))
        return redirect("accounts:rules")
    return render(request, "accounts/rules.html", {"form": form})


def _done(request: SignedIn, number: int, act: Callable[..., object], words: str) -> HttpResponse:
    act(get_object_or_404(Account, pk=number), by=request.actor)
    messages.success(request, words)
    return redirect("accounts:account", number)


def _shown(request: SignedIn, account: Account, form: LockForm) -> HttpResponse:
    (row,) = rows(Account.objects.select_related("person").filter(pk=account.pk))
    values = {
        "row": row,
        "form": form,
        "refusal": actions.refusal(account, by=request.actor),
        "until": locked_until(account.username),
    }
    return render(request, "accounts/account.html", values)
