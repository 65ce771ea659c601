"""What :mod:`test_killed` starts and kills: `setup`, `act` (a thousand acts, each answered by its operation), `check`."""

from __future__ import annotations

import os
import sys
import uuid

os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi.web.settings"


def main(command: str) -> None:
    _use_own_database(create=command == "setup")
    import django  # noqa: PLC0415 — the environment first

    django.setup()
    {"setup": setup, "act": act, "check": check}[command]()


def _use_own_database(*, create: bool) -> None:
    name = os.environ.get("LUOSHI_KILL_DATABASE")
    if not name:
        os.environ.pop("LUOSHI_DATABASE_URL", None)
        return
    url = os.environ["LUOSHI_DATABASE_URL"]
    if create:
        import psycopg  # noqa: PLC0415 — on PostgreSQL only

        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"'.encode())
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
    os.environ["LUOSHI_DATABASE_URL"] = url.replace("/postgres?", f"/{name}?")


def setup() -> None:
    from django.conf import settings  # noqa: PLC0415 — Django first
    from django.core.management import call_command  # noqa: PLC0415

    from cast import make_cast  # noqa: PLC0415
    from work.matters import Maker  # noqa: PLC0415

    settings.LUOSHI_EVIDENCE.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    Maker(make_cast()).under_way()


def act() -> None:
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — Django first
    from luoshi.work.actions import open_matter, perform  # noqa: PLC0415
    from luoshi.work.models import Matter  # noqa: PLC0415

    first = Matter.objects.order_by("pk").select_related("lead")[0]
    for number in range(1000):
        operation = uuid.uuid4()
        if number % 5 == 0:
            open_matter("errand", by=SYSTEM_ACTOR, title=f"第{number}件", lead=first.lead, operation=operation)
        else:
            perform(
                first.pk, "report", by=SYSTEM_ACTOR, note=f"第{number}次", progress=number % 100, operation=operation
            )
        sys.stdout.write(f"{operation}\n")
        sys.stdout.flush()


def check() -> None:
    from luoshi.work.integrity import verify  # noqa: PLC0415 — Django first
    from luoshi.work.models import Event  # noqa: PLC0415

    sys.stdout.write(" ".join(str(one) for one in Event.objects.values_list("operation", flat=True)) + "\n")
    for finding in verify().findings:
        sys.stdout.write(f"{finding.kind} {finding.where.en}: {finding.what.en}\n")


if __name__ == "__main__":
    main(sys.argv[1])
