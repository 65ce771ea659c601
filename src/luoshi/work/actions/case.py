"""One act on one matter while it is being decided: who, on what, through which post, and what it will change."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from django.utils import timezone
from django.utils.functional import cached_property

from luoshi.org.enums import Role
from luoshi.org.models import Post
from luoshi.org.policy import SYSTEM_ACTOR, Actor, HeldPost, Placement, RefusedError, may, permitting_post
from luoshi.work.enums import Act, State
from luoshi.work.fold import stored
from luoshi.work.models import Evidence, Matter

if TYPE_CHECKING:
    from luoshi.ledger.canonical import Json
    from luoshi.work.registers import Register

__all__ = ["Case", "posts_permitting"]


def posts_permitting(by: Actor, act: str, place: Placement) -> Iterator[HeldPost]:
    """Yield the posts, own ones first, through which `by` may do `act` at `place`."""
    for post in by.posts:
        if permitting_post(replace(by, posts=(post,)), act, place) is not None:
            yield post


@dataclass
class Case:
    """An act under decision. `post` is the one it is done through; the system's own actor has none.

    The function of the act refuses, or says what changes (:meth:`put`) and what was said (:meth:`tell`). Nothing is
    written before the door (:mod:`.door`) makes one event of it.
    """

    matter: Matter
    act: Act
    by: Actor
    place: Placement
    register: Register
    at: dt.datetime
    operation: uuid.UUID
    post: HeldPost | None = None
    set: dict[str, Json] = field(default_factory=dict)
    was: dict[str, Json] = field(default_factory=dict)
    said: dict[str, Json] = field(default_factory=dict)
    files: list[tuple[Evidence, str, str]] = field(default_factory=list)

    @property
    def today(self) -> dt.date:
        """The authority's day on which the act happens."""
        return timezone.localdate(self.at)

    @property
    def state(self) -> State:
        """Where the matter stands before the act."""
        return State(self.matter.state)

    def put(self, **columns: Json) -> None:
        """Let columns have new values, in canonical form; one that does not change is not mentioned in the event."""
        for name, value in columns.items():
            before = stored(self.matter, name)
            if value != before:
                self.set[name] = value
                self.was[name] = before
            else:
                self.set.pop(name, None)
                self.was.pop(name, None)

    def tell(self, **said: Json) -> None:
        """Keep what was said with the event, apart from what is empty."""
        self.said.update({name: value for name, value in said.items() if value not in ("", None, [], {})})

    def data(self) -> dict[str, Any]:
        """Return the event's content."""
        data: dict[str, Any] = dict(self.said)
        if self.set:
            data["set"] = self.set
        if self.was:
            data["was"] = self.was
        return data

    # Who.

    @property
    def is_system(self) -> bool:
        """Whether the clock or the command line acts."""
        return self.by is SYSTEM_ACTOR

    def permit(self, place: Placement | None = None) -> None:
        """Choose the first post that policy permits the act through; RefusedError with the reason where none does."""
        place = place or self.place
        self.__dict__.pop("people", None)
        self.post = next(posts_permitting(self.by, self.act, place), None)
        if self.post is None and not self.is_system:
            raise may(self.by, self.act, place) or RefusedError(self.act, "")

    def act_as(self, *roles: Role, why: str) -> None:
        """Require one of these roles beyond what policy asks, and act through that post; RefusedError with `why`."""
        if not self.acts_as(*roles):
            raise RefusedError(self.act, why)

    def acts_as(self, *roles: Role) -> bool:
        """Tell whether the act is permitted through a post of one of these roles, and choose that post if so."""
        if self.is_system or (self.post is not None and self.post.role in roles):
            return True
        post = next((post for post in posts_permitting(self.by, self.act, self.place) if post.role in roles), None)
        if post is not None:
            self.post = post
            self.__dict__.pop("people", None)
        return post is not None

    @cached_property
    def people(self) -> frozenset[int]:
        """The numbers of those in whose name the act is done: the person, and whom they stand in for."""
        return self.people_behind(self.post)

    def people_behind(self, post: HeldPost | None) -> frozenset[int]:
        """Return the person and, where a post is held as a deputy, its holder."""
        people = {self.by.person_id}
        if post is not None and post.deputy_for:
            people.add(Post.objects.values_list("person_id", flat=True).get(pk=post.id))
        return frozenset(person for person in people if person is not None)

    def did_work(self) -> None:
        """Write the people behind the act down among those who worked on the matter."""
        workers = cast("list[int]", self.matter.workers)
        self.put(workers=cast("Json", sorted({*workers, *self.people})))
