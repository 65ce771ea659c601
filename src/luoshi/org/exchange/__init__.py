"""The organisation as one workbook: written out, read back, and what reading it back would change.

`columns` says what stands in which sheet; `export` writes; `reading` turns files into rows; `plan` finds every problem
and every change without touching anything; `apply` carries a plan out.
"""

from luoshi.org.exchange.apply import Imported, StalePlanError, apply_tables
from luoshi.org.exchange.draft import Change, Plan, Problem
from luoshi.org.exchange.export import write_csv, write_template, write_workbook
from luoshi.org.exchange.plan import plan_tables
from luoshi.org.exchange.reading import Table, read_tables

__all__ = [
    "Change",
    "Imported",
    "Plan",
    "Problem",
    "StalePlanError",
    "Table",
    "apply_tables",
    "plan_tables",
    "read_tables",
    "write_csv",
    "write_template",
    "write_workbook",
]
