"""One form, one action: what most pages of this room do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from luoshi.org.enums import Role
from luoshi.org.gate import SignedIn

__all__ = ["ask", "knows_numbers", "may_change"]


def ask(  # noqa: PLR0913 — what a page with a form consists of
    request: SignedIn,
    form: forms.Form,
    act: Callable[[dict[str, Any]], object],
    *,
    title: str,
    button: str,
    back: str,
    said: str,
    note: str = "",
    kicker: str = "",
    danger: bool = False,
    done: str | Callable[[Any], str] = "",
) -> HttpResponse:
    """Show a form; on POST act with its values and lead to `done` (else `back`), saying `said`.

    What the action refuses is said above the form, which keeps what was filled in.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, said)
            return redirect(done(result) if callable(done) else done or back)
    page = {
        "form": form,
        "title": title,
        "button": button,
        "back": back,
        "note": note,
        "kicker": kicker,
        "danger": danger,
        "multipart": form.is_multipart(),
    }
    return render(request, "org/form.html", page, status=200 if not form.errors else 422)


def may_change(request: SignedIn) -> bool:
    """Tell whether the reader looks after units and people."""
    return request.actor.has(Role.SYSTEM_ADMIN)


def knows_numbers(request: SignedIn) -> bool:
    """Tell whether the reader may see staff numbers and what a post may see of confidential registers."""
    return request.actor.has(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
