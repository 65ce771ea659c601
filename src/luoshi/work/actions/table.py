"""The table of acts: each is one function, registered here with what it takes. Strangers are refused."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from luoshi.work.actions.case import Case
from luoshi.work.enums import Act

__all__ = ["RECIPES", "Recipe", "does", "recipe_of"]

Step = Callable[..., None]
Check = Callable[[Case], None]


def _nothing(case: Case) -> None:
    """Most acts need nothing beyond the state and the post."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one act is done: `ready` refuses what no data could mend, `run` takes the data and fills the case."""

    act: Act
    run: Step
    ready: Check
    takes: frozenset[str]

    def refuse_strangers(self, data: Mapping[str, object]) -> None:
        """Raise TypeError for data that the act does not take: a mistake of the program, not of a person."""
        strangers = sorted(set(data) - self.takes)
        if strangers:
            raise TypeError(f"{self.act.value} does not take {', '.join(strangers)}; it takes {_listed(self.takes)}")


RECIPES: Final[dict[Act, Recipe]] = {}


def does(act: Act, *, ready: Check = _nothing) -> Callable[[Step], Step]:
    """Register a function as the one way to do an act; its keyword-only parameters are the data it takes."""

    def register(run: Step) -> Step:
        if act in RECIPES:
            raise ValueError(f"{act.value} is registered twice")
        names = [name for name, one in inspect.signature(run).parameters.items() if one.kind is one.KEYWORD_ONLY]
        RECIPES[act] = Recipe(act, run, ready, frozenset(names))
        return run

    return register


def recipe_of(act: Act) -> Recipe:
    """Return how an act is done; TypeError for what is not done to a matter that exists."""
    recipe = RECIPES.get(act)
    if recipe is None:
        raise TypeError(f"{act.value} is not performed: use open_matter")
    return recipe


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "nothing"
