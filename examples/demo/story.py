"""What every part of the story shares: who plays, by what day, and by what chance."""

from __future__ import annotations

import csv
import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from luoshi.org.models import Person, Unit
from luoshi.org.policy import Actor, actor_of

__all__ = ["BEGIN", "EXAMPLES", "Story", "rows_of"]

EXAMPLES: Final = Path(__file__).parents[1]
BEGIN: Final = dt.date(2021, 9, 1)
"""Since when the units are there."""


@dataclass
class Story:
    """Who plays, and by what day. `heads` and `officers` go by the unit's code, `others` by user name."""

    today: dt.date
    chance: random.Random
    units: dict[str, Unit] = field(default_factory=dict)
    heads: dict[str, Person] = field(default_factory=dict)
    officers: dict[str, Person] = field(default_factory=dict)
    others: dict[str, Person] = field(default_factory=dict)

    def actor(self, person: Person) -> Actor:
        """Return somebody as policy knows them today."""
        return actor_of(person, self.today)

    @property
    def clerk(self) -> Actor:
        """The supervision office's clerk, who takes documents in and hands matters out."""
        return self.actor(self.others["duban"])

    def at(self, day: dt.date, hour: int = 9) -> dt.datetime | None:
        """Return a moment in office hours of a day, None where that day is not over yet."""
        from django.utils import timezone

        if day >= self.today:
            return None
        return timezone.make_aware(dt.datetime.combine(day, dt.time(hour, self.chance.randrange(60))))

    def operation(self) -> uuid.UUID:
        """Return the number of one operation."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table by the names in its head."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
