"""What a person could do to a matter now, and why not what they cannot."""

from __future__ import annotations

from dataclasses import dataclass

from luoshi.org.policy import Actor, RefusedError
from luoshi.work import registers
from luoshi.work.actions.case import Case
from luoshi.work.actions.door import moment_of
from luoshi.work.actions.table import RECIPES
from luoshi.work.actions.working import unmet_by
from luoshi.work.enums import Act, State
from luoshi.work.errors import ActError
from luoshi.work.lifecycle import acts_in
from luoshi.work.models import Matter
from luoshi.work.placement import placement

__all__ = ["Offer", "offers"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One act that the matter's state allows. `refusal` says why this person cannot do it, empty where they can.

    `theirs` tells whether their posts entitle them at all: an act that is not theirs need not be shown. `needs` are the
    conditions that the act's own form can still meet (what closing needs, before submitting).
    """

    act: Act
    refusal: str = ""
    theirs: bool = True
    needs: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether the person can do it, given good values."""
        return not self.refusal


def offers(matter: Matter, by: Actor) -> list[Offer]:
    """Return an offer for each act that is possible in the matter's state, in the order of the lifecycle.

    The number of queries does not grow with the number of acts: the placement is asked for once, and only submitting,
    verifying, reopening and deciding on an extension look further.
    """
    place, register = placement(matter), registers.of_version(matter.register_version_id)
    at = moment_of(None)
    return [
        _offer(Case(matter=matter, act=act, by=by, place=place, register=register, at=at, operation=matter.uid))
        for act in acts_in(State(matter.state))
    ]


def _offer(case: Case) -> Offer:
    try:
        case.permit()
    except RefusedError as refusal:
        return Offer(case.act, str(refusal), theirs=False)
    recipe = RECIPES.get(case.act)
    if recipe is not None:
        try:
            recipe.ready(case)
        except (ActError, RefusedError) as refusal:
            return Offer(case.act, str(refusal))
    return Offer(case.act, needs=tuple(unmet_by(case)) if case.act is Act.SUBMIT else ())
