"""Registers: kinds of matters, declared in text, kept in versions."""

from luoshi.work.registers.check import check
from luoshi.work.registers.model import Closing, Due, Feedback, Register, RegisterField, Step
from luoshi.work.registers.problems import Problem
from luoshi.work.registers.store import (
    Synced,
    UnknownRegisterError,
    UnreadableRegisterError,
    current,
    current_all,
    current_row,
    of,
    of_row,
    of_version,
    problems,
    sync,
)

__all__ = [
    "Closing",
    "Due",
    "Feedback",
    "Problem",
    "Register",
    "RegisterField",
    "Step",
    "Synced",
    "UnknownRegisterError",
    "UnreadableRegisterError",
    "check",
    "current",
    "current_all",
    "current_row",
    "of",
    "of_row",
    "of_version",
    "problems",
    "sync",
]
