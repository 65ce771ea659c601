"""One address an act of a review: its form for those without scripts, and its doing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from luoshi.directives import similar
from luoshi.directives.actions import review
from luoshi.directives.clause_forms import DropForm, EditForm, label_pairs, places_of
from luoshi.directives.enums import ClauseState, ReviewAct
from luoshi.directives.errors import ChangedMeanwhileError, ReviewError
from luoshi.directives.models import Clause, Directive, Edit, Reading
from luoshi.directives.sheet.coverage import held_by, label_words
from luoshi.directives.sheet.facts import facts_of, unit_names
from luoshi.directives.sheet.source import label_of
from luoshi.directives.typed import in_words
from luoshi.directives.views.answering import (
    answer,
    by_script,
    clause_or_404,
    number_of,
    seen_of,
)
from luoshi.directives.views.fetching import directive_or_404, operation_of
from luoshi.org.gate import SignedIn, gated
from luoshi.words import Words
from luoshi.work import registers

__all__ = ["urlpatterns"]

_AROUND: Final = 4
"""Sentences before and behind a row that it can be moved onto."""
_MOST: Final = 2000


class _Typed(Exception):  # noqa: N818 — no error of the program: what was typed has to be typed again
    """A form that has to be shown again with its errors."""

    def __init__(self, form: Any) -> None:
        self.form = form
        super().__init__()


# The page of a row.


@gated("directive.review")
@require_http_methods(["GET", "HEAD", "POST"])
def clause(request: SignedIn, number: int, uid: uuid.UUID) -> HttpResponse:
    """Show a row with everything that can be done to it; what is posted is an edit."""
    return act(request, number, uid, "edit")


@gated("directive.review")
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: SignedIn, number: int, uid: uuid.UUID, name: str) -> HttpResponse:
    """Show the form of one act on a row (GET), or do it (POST); policy is asked by the act itself."""
    directive = directive_or_404(request, number)
    row = clause_or_404(directive, uid)
    if name not in _ACTS:
        raise Http404
    if request.method != "POST":
        return _form(request, directive, row, name)
    return _do(request, directive, lambda: _ACTS[name](request, row), row, name)


def _do(request: SignedIn, directive: Directive, do: Callable[[], Edit], row: Clause | None, name: str) -> HttpResponse:
    """Do an act and answer; what it refuses is said, and what was typed is kept."""
    form, told, status = None, "", 422
    try:
        edit = do()
    except _Typed as typed:
        form = typed.form
        told = " ".join(message for errors in form.errors.values() for message in errors)
    except ChangedMeanwhileError as error:
        told, status = str(error), 409
    except ReviewError as error:
        told = str(error)
    except ValidationError as error:
        if getattr(error, "code", "") == "unchanged":
            return _done(request, directive, row, "")
        told = " ".join(error.messages)
    else:
        similar.follow(directive, edit)
        return _done(request, directive, row, _("已办：%(act)s") % {"act": ReviewAct(edit.act).label})
    directive.refresh_from_db()
    if by_script(request):
        since = number_of(request.POST.get("since", ""))
        return answer(request, directive, directive.version if since is None else since, status=status, error=told)
    if row is None:
        messages.error(request, told)
        return redirect("directives:review", directive.pk)
    return _form(request, directive, clause_or_404(directive, row.uid), name, form=form, told=told, status=status)


def _done(request: SignedIn, directive: Directive, row: Clause | None, words: str) -> HttpResponse:
    if by_script(request):
        directive.refresh_from_db()
        since = number_of(request.POST.get("since", ""))
        return answer(request, directive, directive.version if since is None else since)
    if words:
        messages.success(request, words)
    address = reverse("directives:review", args=[directive.pk])
    return redirect(f"{address}#c-{row.uid}" if row is not None else address)


def _form(  # noqa: PLR0913 — a form with what was wrong
    request: SignedIn,
    directive: Directive,
    row: Clause,
    name: str,
    *,
    form: Any = None,
    told: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "directive": directive,
        "clause": row,
        "act": name,
        "act_label": str(ReviewAct(name).label),
        "action": reverse("directives:clause_act", args=[directive.pk, row.uid, name]),
        "told": told,
        "is_live": row.state in ClauseState.live,
        "acts": _offered(row),
        "state": ClauseState(row.state).label,
        **_FORMS.get(name, _no_form)(request, directive, row, form),
    }
    part = "directives/clause_form.html" if by_script(request) else "directives/clause.html"
    return render(request, part, context, status=status)


_LIVE: Final = ("check", "drop", "merge", "split", "move")


def _offered(row: Clause) -> list[tuple[str, str]]:
    names: tuple[str, ...] = ()
    if row.state in ClauseState.live:
        names = ("uncheck", *_LIVE[1:]) if row.state == ClauseState.CHECKED else _LIVE
    elif row.state != ClauseState.CONFIRMED:
        names = ("restore",)
    return [(name, str(ReviewAct(name).label)) for name in names]


def _no_form(_request: SignedIn, _directive: Directive, _row: Clause, _form: Any) -> dict[str, Any]:
    return {}


def _edit_form(request: SignedIn, directive: Directive, row: Clause, form: Any) -> dict[str, Any]:
    text, sentences = _source(directive)
    names = unit_names([row])
    return {
        "form": form or _editing(row, None),
        "facts": [fact for fact in facts_of(row, names, timezone.localdate()) if fact.words or fact.warning],
        "quotes": [text[sentences[index]["s"] : sentences[index]["e"]].strip() for index in _known(row, sentences)],
        "reasons": [in_words(Words(why["zh"], why["en"])) for why in row.said.get("why", ())],
        "path": row.said.get("path", ()),
        "similar": similar.shown(request.actor, [row]).get(row.uid, ()),
    }


def _editing(row: Clause, data: Any, *, only_given: bool = False) -> EditForm:
    directive = row.directive
    return EditForm(
        data,
        clause=row,
        register=registers.current(directive.register),
        written=directive.date,
        names=unit_names([row]),
        only_given=only_given,
    )


def _source(directive: Directive) -> tuple[str, list[dict[str, Any]]]:
    found: tuple[str, list[dict[str, Any]]] = Reading.objects.values_list("text", "sentences").get(directive=directive)
    return found


def _known(row: Clause, sentences: list[dict[str, Any]]) -> list[int]:
    return [index for index in row.sentences if 0 <= index < len(sentences)]


def _drop_form(_request: SignedIn, _directive: Directive, _row: Clause, form: Any) -> dict[str, Any]:
    return {"form": form or DropForm()}


def _split_form(_request: SignedIn, directive: Directive, row: Clause, _form: Any) -> dict[str, Any]:
    text, sentences = _source(directive)
    return {"places": places_of(row, text, sentences)}


def _merge_form(request: SignedIn, directive: Directive, row: Clause, _form: Any) -> dict[str, Any]:
    rows = directive.clauses.filter(state__in=ClauseState.live).exclude(pk=row.pk).order_by("start", "number")
    ticked = set(request.GET.getlist("with"))
    return {"others": [(one, str(one.uid) in ticked) for one in rows]}


def _move_form(_request: SignedIn, directive: Directive, row: Clause, _form: Any) -> dict[str, Any]:
    text, sentences = _source(directive)
    known = _known(row, sentences)
    first, last = (min(known), max(known)) if known else (0, 0)
    near = range(max(0, first - _AROUND), min(len(sentences), last + _AROUND + 1))
    return {
        "near": [
            (index, text[sentences[index]["s"] : sentences[index]["e"]].strip(), index in row.sentences)
            for index in near
        ]
    }


def _join_form(request: SignedIn, _directive: Directive, row: Clause, _form: Any) -> dict[str, Any]:
    found = [one for one in similar.shown(request.actor, [row]).get(row.uid, ()) if one.matter is not None]
    return {"similar": found, "matter": request.GET.get("matter", "")}


_FORMS: Final[Mapping[str, Callable[[SignedIn, Directive, Clause, Any], dict[str, Any]]]] = {
    "edit": _edit_form,
    "drop": _drop_form,
    "split": _split_form,
    "merge": _merge_form,
    "move": _move_form,
    "join": _join_form,
}


# Acts on rows.


def _common(request: SignedIn) -> dict[str, Any]:
    return {"by": request.actor, "operation": operation_of(request), "seen": seen_of(request)}


def _with(request: SignedIn, row: Clause) -> list[Clause]:
    """Return the row and those that are to be treated alike, the row first."""
    wanted = [uid for one in request.POST.getlist("with")[:_MOST] if (uid := _uid(one)) and uid != row.uid]
    others = {one.uid: one for one in row.directive.clauses.filter(uid__in=wanted)}
    if len(others) < len(set(wanted)):
        raise ValidationError(_("有的条目已经不在了，请刷新页面。"), code="gone")
    return [row, *(others[uid] for uid in dict.fromkeys(wanted))]


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _edit(request: SignedIn, row: Clause) -> Edit:
    form = _editing(row, request.POST, only_given=by_script(request))
    if not form.is_valid():
        raise _Typed(form)
    values = form.values()
    if not values:
        raise ValidationError("", code="unchanged")
    try:
        return review.edit(row, **_common(request), **values)
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        for name, errors in error.error_dict.items():
            place = name if name in form.fields else f"own-{name.removeprefix('fields.')}"
            form.add_error(place if place in form.fields else None, errors)
        raise _Typed(form) from error


def _check(request: SignedIn, row: Clause) -> Edit:
    return review.check(_with(request, row), **_common(request))


def _uncheck(request: SignedIn, row: Clause) -> Edit:
    return review.uncheck(_with(request, row), **_common(request))


def _restore(request: SignedIn, row: Clause) -> Edit:
    return review.restore(_with(request, row), **_common(request))


def _drop(request: SignedIn, row: Clause) -> Edit:
    form = DropForm(request.POST)
    if not form.is_valid():
        raise _Typed(form)
    return review.drop(_with(request, row), **_common(request), **form.cleaned_data)


def _merge(request: SignedIn, row: Clause) -> Edit:
    return review.merge(_with(request, row), **_common(request))


def _split(request: SignedIn, row: Clause) -> Edit:
    given = request.POST.get("at", "")
    place = number_of(given[1:])
    if place is None or given[0] not in "sc":
        raise ValidationError(_("请选择从哪里拆开。"), code="no_place")
    at, at_char = (place, None) if given[0] == "s" else (None, place)
    return review.split(row, **_common(request), at=at, at_char=at_char)


def _move(request: SignedIn, row: Clause) -> Edit:
    return review.move(row, **_common(request), sentences=_sentences(request))


def _sentences(request: SignedIn) -> list[int]:
    numbers = map(number_of, request.POST.getlist("sentence")[:_MOST])
    return [index for index in numbers if index is not None]


def _join(request: SignedIn, row: Clause) -> Edit:
    return review.join(row, **_common(request), matter=number_of(request.POST.get("matter", "")) or 0)


_ACTS: Final[Mapping[str, Callable[[SignedIn, Clause], Edit]]] = {
    "edit": _edit,
    "check": _check,
    "uncheck": _uncheck,
    "restore": _restore,
    "drop": _drop,
    "merge": _merge,
    "split": _split,
    "move": _move,
    "join": _join,
}


# Sentences, and the last act.


@gated("directive.review")
@require_http_methods(["GET", "HEAD"])
def sentence(request: SignedIn, number: int, index: int) -> HttpResponse:
    """Show what can be done with one sentence; for scripts only the forms."""
    directive = directive_or_404(request, number)
    if not Reading.objects.filter(directive=directive).exists():
        raise Http404
    text, sentences = _source(directive)
    if index >= len(sentences):
        raise Http404
    one = sentences[index]
    label = label_of(directive, index, one)
    context = {
        "directive": directive,
        "index": index,
        "quote": text[one["s"] : one["e"]].strip(),
        "label": label,
        "label_words": label_words(label),
        "is_decided": str(index) in directive.labels,
        "reasons": [in_words(Words(why["zh"], why["en"])) for why in one.get("why", ())],
        "holder": held_by(directive.clauses.all()).get(index),
        "kinds": label_pairs(),
    }
    part = "directives/sentence_form.html" if by_script(request) else "directives/sentence.html"
    return render(request, part, context)


@gated("directive.review")
@require_POST
def sentences_act(request: SignedIn, number: int, name: str) -> HttpResponse:
    """Make a row of sentences (`make`), or say what kind they are (`label`)."""
    directive = directive_or_404(request, number)
    acts = {"make": _make, "label": _label}
    if name not in acts:
        raise Http404
    return _do(request, directive, lambda: acts[name](request, directive), None, name)


def _make(request: SignedIn, directive: Directive) -> Edit:
    return review.make(directive, **_common(request), sentences=_sentences(request))


def _label(request: SignedIn, directive: Directive) -> Edit:
    label = request.POST.get("label", "")
    return review.label(directive, **_common(request), sentences=_sentences(request), label=label)


@gated("directive.review")
@require_POST
def undo(request: SignedIn, number: int) -> HttpResponse:
    """Take back the last act of the person."""
    directive = directive_or_404(request, number)
    return _do(request, directive, lambda: _undo(request, directive), None, "undo")


def _undo(request: SignedIn, directive: Directive) -> Edit:
    return review.undo(directive, by=request.actor, operation=operation_of(request))


urlpatterns = [
    path("<int:number>/clauses/<uuid:uid>/", clause, name="clause"),
    path("<int:number>/clauses/<uuid:uid>/<str:name>/", act, name="clause_act"),
    path("<int:number>/sentences/<int:index>/", sentence, name="sentence"),
    path("<int:number>/sentences/<str:name>/", sentences_act, name="sentences_act"),
    path("<int:number>/undo/", undo, name="undo"),
]
