"""Times: deadlines, rhythms, the authority's calendar, Chinese numerals. Pure, and knows no other room."""

from luoshi.periods.calendar import Calendar, CalendarError, Term, china, read_calendar
from luoshi.periods.when import DeadlineFound, find_deadlines

__all__ = [
    "Calendar",
    "CalendarError",
    "DeadlineFound",
    "Term",
    "china",
    "find_deadlines",
    "read_calendar",
]
