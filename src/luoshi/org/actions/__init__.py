"""Every write of the organisation: permission first, one transaction, a record inside.

Every function takes `by`, whom policy is asked about; raises :class:`~luoshi.org.policy.RefusedError` for those who may
not, and :class:`~django.core.exceptions.ValidationError`, with a code and a sentence that says what to do, for what
cannot be. Nothing is changed then. What is already so is left alone and not recorded again. The rows handed in may be
stale: they are read anew, and the fresh row is returned.
"""

from luoshi.org.actions.deputies import end_deputy, set_deputy
from luoshi.org.actions.endings import close_unit, merge_units, reopen_unit
from luoshi.org.actions.groups import add_to_group, change_group, close_group, open_group, remove_from_group
from luoshi.org.actions.people import add_person, change_person, person_left, person_returned
from luoshi.org.actions.posts import confirm_post, confirm_posts, end_post, propose_post, refuse_post
from luoshi.org.actions.units import change_unit, move_unit, open_unit, rename_unit

__all__ = [
    "add_person",
    "add_to_group",
    "change_group",
    "change_person",
    "change_unit",
    "close_group",
    "close_unit",
    "confirm_post",
    "confirm_posts",
    "end_deputy",
    "end_post",
    "merge_units",
    "move_unit",
    "open_group",
    "open_unit",
    "person_left",
    "person_returned",
    "propose_post",
    "refuse_post",
    "remove_from_group",
    "rename_unit",
    "reopen_unit",
    "set_deputy",
]
