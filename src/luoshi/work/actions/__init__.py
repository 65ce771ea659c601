"""The one door through which matters are opened and changed.

`open_matter` begins a matter, `perform` does one act to it, `hand_over_all` hands a person's matters over. What each
act takes, needs and does is said in `docs/matter.md`; each is one function in a module of this package.
"""

from luoshi.work.actions import (  # noqa: F401 — importing them registers their acts
    assigning,
    checking,
    halting,
    planning,
    remarks,
    terms,
    working,
)
from luoshi.work.actions.assigning import hand_over_all
from luoshi.work.actions.door import perform
from luoshi.work.actions.opening import open_matter

__all__ = ["hand_over_all", "open_matter", "perform"]
