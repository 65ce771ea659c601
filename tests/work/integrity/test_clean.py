"""What nobody touched is found untouched."""

from __future__ import annotations

from luoshi.work.integrity import verify
from luoshi.work.models import Event
from work.integrity.world import World


def test_untouched_world_is_clean(world: World) -> None:
    report = verify()
    assert report.findings == []
    assert report.clean
    assert (report.matters, report.events, report.seals) == (4, Event.objects.count(), 3)


def test_one_matter_is_verified_alone(world: World) -> None:
    report = verify(only=world.closed)
    assert report.findings == []
    assert (report.matters, report.events) == (1, world.closed.events.count())
