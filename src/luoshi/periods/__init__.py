"""Times: deadlines, rhythms, the authority's calendar, Chinese numerals. Pure, and knows no other room."""

from luoshi.periods.cadence import CadenceFound, find_cadence
from luoshi.periods.calendar import Calendar, CalendarError, Term, china, read_calendar
from luoshi.periods.when import DeadlineFound, find_deadlines

__all__ = [
    "CadenceFound",
    "Calendar",
    "CalendarError",
    "DeadlineFound",
    "Term",
    "china",
    "find_cadence",
    "find_deadlines",
    "read_calendar",
]
