"""Fill an installation with living demo data: `python -m examples.demo FOLDER`, from the project's folder.

An invented county, its people, a speech that became matters and a year of work on them up to today, a notice under
review, problems and hazards. Everything is done through the product's own acts, as its people would do it, so this is
also a test of the whole. The same day gives the same story; the password is new each time unless `LUOSHI_DEMO_PASSWORD`
sets it.
"""

from __future__ import annotations

import os
import random
import secrets
import string
import sys
import time
from pathlib import Path

from luoshi.web.server import prepare, start_django


def main(folder: Path) -> int:
    """Fill a new installation; leave one alone that has units already."""
    begun = time.monotonic()
    start_django(folder)
    prepare()
    from django.db import transaction
    from django.utils import timezone

    from luoshi.org.models import Unit

    if Unit.objects.exists():
        return 0
    from examples.demo.county import people
    from examples.demo.documents import notice, speech
    from examples.demo.guide import write_guide
    from examples.demo.story import Story
    from examples.demo.work import hazards, problems

    story = Story(timezone.localdate(), random.Random(20260227))  # noqa: S311 — the same story every time
    password = os.environ.get("LUOSHI_DEMO_PASSWORD") or new_password()
    with transaction.atomic():  # a fifth of the time that a thousand small ones take
        people(story, password)
        speech(story)
        problems(story)
        hazards(story)
        notice(story)
    write_guide(story, folder, password)
    print(f"{time.monotonic() - begun:.0f} s")
    return 0


def new_password() -> str:
    """Return a password that can be read aloud and typed: three groups of letters and digits, none easily mistaken."""
    letters = "".join(one for one in string.ascii_lowercase if one not in "lo")
    groups = ["".join(secrets.choice(those) for _ in range(4)) for those in (letters, letters, "23456789")]
    return "-".join(groups).capitalize()


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1] if len(sys.argv) > 1 else "build/demo/data")))
