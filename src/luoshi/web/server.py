"""From one command to a running product: folder, database, registers, and the server that answers browsers."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from luoshi.web.installation import Installation

__all__ = ["Address", "prepare", "serve", "start_django"]


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens; this machine alone unless told otherwise."""

    host: str = "127.0.0.1"
    port: int = 8000

    def is_free(self) -> bool:
        """Tell whether the server could listen here now."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError:
                return False
        return True

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}/"


def start_django(data: Path | None = None) -> Installation:
    """Load the settings for one installation, that of `data` or of the environment; do this before any model."""
    if data is not None:
        os.environ["LUOSHI_DATA"] = str(data)
    installation = Installation.of()
    installation.prepare()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.web.settings")
    import django  # noqa: PLC0415 — the environment first

    django.setup()
    return installation


def prepare() -> list[str]:
    """Bring the database up to this version of the program and take in the registers' texts; return the steps done.

    Safe to run any number of times; the second time it finds nothing to do.
    """
    from django.core.management import call_command  # noqa: PLC0415 — settings first
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415
    from luoshi.work import registers  # noqa: PLC0415
    from luoshi.work.planner import get_to_know  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        call_command("migrate", verbosity=0, interactive=False)
        get_to_know()  # of new indexes nothing is known yet
    registers.sync(by=SYSTEM_ACTOR)
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in missing]


def serve(address: Address, *, workers: int = 1, threads: int = 8, ready: Callable[[], None] = lambda: None) -> None:
    """Answer browsers until told to stop (Ctrl-C, SIGTERM); requests under way are finished first.

    One process with threads is right for SQLite; several processes need PostgreSQL. One more process beside them works
    off what takes longer (`web.background`). `ready` is called once the server listens. Nothing is logged about who
    asked for what; faults go to standard error.
    """
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 — heavy

    from luoshi.web.companion import Companion  # noqa: PLC0415 — only a server has one

    companion = Companion()

    def listening(_server: Any) -> None:
        companion.start()
        ready()

    options: dict[str, Any] = {
        "bind": f"[{address.host}]:{address.port}" if ":" in address.host else f"{address.host}:{address.port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": threads,
        "timeout": 120,
        "graceful_timeout": 30,
        "keepalive": 5,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "proc_name": "luoshi",
        "when_ready": listening,
        "on_exit": lambda _server: companion.stop(),
        # A worker's heartbeat file belongs into memory where there is some: a slow disk must not look like a hang.
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108 — memory, not a shared folder of files
    }

    class Server(BaseApplication):
        def load_config(self) -> None:
            for name, value in options.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            from luoshi.web.wsgi import application  # noqa: PLC0415 — in the worker

            return application

    Server().run()
