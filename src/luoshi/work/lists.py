"""One list of matters: what was asked for, its rows, and the addresses of the same list asked otherwise."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Final

from django.db.models import Q, QuerySet
from django.http import QueryDict

from luoshi.org.policy import Actor, visible
from luoshi.work.columns import ALL_REGISTERS, ORDERS, Column, columns_of, ordered
from luoshi.work.enums import Light, State
from luoshi.work.forms import ListFilter
from luoshi.work.models import Matter
from luoshi.work.paging import Order, Page, about, page_of
from luoshi.work.queries import light_is, matters_for, with_lights
from luoshi.work.registers import Register

__all__ = ["COUNT_CAP", "PAGE_SIZE", "MatterList"]

PAGE_SIZE: Final = 50
COUNT_CAP: Final = 10_000
_PAGING: Final = ("after", "page")
_UNSHOWN: Final = ("source", "milestones", "targets", "feedback", "workers", "extension")
"""What no row of a list shows: JSON that would be fetched and read for nothing."""


class MatterList:
    """The matters of one register, or of all, as a query string asks for them.

    What makes no sense in the query string is left out and shown as an error beside its field; nothing raises.
    """

    def __init__(self, actor: Actor, register: Register | None, asked: QueryDict, today: dt.date) -> None:
        self.actor, self.register, self.asked, self.today = actor, register, asked, today
        self.form = ListFilter(asked or None, register=register)
        self.form.is_valid()

    @cached_property
    def all_columns(self) -> dict[str, Column]:
        """Return what can be shown."""
        return columns_of(self.register)

    @cached_property
    def columns(self) -> list[Column]:
        """Return what is shown: the columns chosen, else those of the register."""
        usual = ("light", *self.register.list_columns()) if self.register else ALL_REGISTERS
        names = [name for name in self.asked.getlist("col") if name in self.all_columns] or usual
        return [self.all_columns[name] for name in dict.fromkeys(names) if name in self.all_columns]

    @cached_property
    def sort(self) -> str:
        """Return the order asked for, `-` in front for the other way round."""
        asked = self.asked.get("sort", "")
        return asked if asked.removeprefix("-") in ORDERS else "due"

    @cached_property
    def order(self) -> Order:
        """Return the order as pages are cut by it."""
        known = ORDERS[self.sort.removeprefix("-")]
        return Order(known.column, self.sort.startswith("-"), known.nullable)

    def found(self, act: str = "see") -> QuerySet[Matter]:
        """Return all matters of the list on which the actor may do `act`."""
        rows = matters_for(self.actor) if act == "see" else visible(self.actor, Matter.objects.all(), act)
        if self.register is not None:
            rows = rows.filter(register=self.register.code)
        return rows.filter(self._condition)

    def page(self) -> Page[Matter]:
        """Return the rows of this page, with their lights."""
        rows = with_lights(ordered(self.found()), self.today).defer(*_UNSHOWN)
        return page_of(rows, self.order, after=self.asked.get("after", ""), size=PAGE_SIZE)

    def count(self) -> int:
        """Return about how many there are, at most one above the cap."""
        return about(self.found(), COUNT_CAP)

    @cached_property
    def _condition(self) -> Q:
        values = self.form.cleaned_data
        condition = self._state(values.get("state") or "") & self.form.condition()
        if values.get("light"):
            condition &= light_is(Light(values["light"]), self.today)
        if values.get("handler") == "me":
            condition &= Q(handler=self.actor.person_id)
        if self.register is not None:
            condition &= self.register.filter_q(self.form.own_values())
        return condition

    def _state(self, state: str) -> Q:
        match state:
            case "all":
                return Q()
            case "":
                return Q(is_open=True)
            case "ended":
                return Q(is_open=False)
            case _:
                return Q(state=State(state), is_open=state in State.open_states)

    # The same list asked otherwise.

    def query(self, *, keep_page: bool = False, **changes: str) -> str:
        """Return the query string with some values changed, from the first page unless `keep_page`."""
        asked = self.asked.copy()
        for name in () if keep_page else _PAGING:
            asked.pop(name, None)
        for name, value in changes.items():
            asked.pop(name, None)
            if value:
                asked[name] = value
        return asked.urlencode()

    def sort_query(self, column: Column) -> str:
        """Return the query string that sorts by a column, the other way round where it is sorted by it already."""
        return self.query(sort=f"-{column.sort}" if self.sort == column.sort else column.sort)

    def conditions(self) -> list[tuple[str, str]]:
        """Return what the list is restricted by, in words, for the cover of a file."""
        return self.form.in_words()
