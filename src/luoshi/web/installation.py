"""Where this installation keeps its things, as the environment says; nothing here touches the disk until asked.

| variable | meaning | otherwise |
|---|---|---|
| `LUOSHI_DATA` | folder of database, evidence, own registers, secret key | `~/.local/share/luoshi` |
| `LUOSHI_DATABASE_URL` | `postgresql://user:password@host:port/name` | SQLite file in the data folder |
| `LUOSHI_HOSTS` | names by which browsers reach the server, with commas | this machine only |
| `LUOSHI_HTTPS` | `1` where a web server in front speaks https: cookies are then sent over https only | off |
| `LUOSHI_PROXIES` | how many web servers of your own stand in front, each adding to `X-Forwarded-For` | 0 |
| `LUOSHI_TIME_ZONE` | the authority's time zone | `Asia/Shanghai` |
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["Installation", "SettingError"]


class SettingError(ValueError):
    """A setting that cannot be used, with what to do about it."""


@dataclass(frozen=True, slots=True)
class Installation:
    """One installation, as its environment describes it."""

    data: Path
    database_url: str = ""
    hosts: tuple[str, ...] = ()
    https: bool = False
    proxies: int = 0
    time_zone: str = "Asia/Shanghai"

    @classmethod
    def of(cls, environment: Mapping[str, str] | None = None) -> Installation:
        """Read the environment."""
        environment = os.environ if environment is None else environment
        home = environment.get("XDG_DATA_HOME") or "~/.local/share"
        return cls(
            data=Path(environment.get("LUOSHI_DATA") or f"{home}/luoshi").expanduser().absolute(),
            database_url=environment.get("LUOSHI_DATABASE_URL", ""),
            hosts=tuple(host.strip() for host in environment.get("LUOSHI_HOSTS", "").split(",") if host.strip()),
            https=environment.get("LUOSHI_HTTPS", "") not in {"", "0"},
            proxies=_count(environment, "LUOSHI_PROXIES"),
            time_zone=environment.get("LUOSHI_TIME_ZONE") or "Asia/Shanghai",
        )

    @property
    def evidence(self) -> Path:
        """The folder of evidence files."""
        return self.data / "evidence"

    @property
    def registers(self) -> Path:
        """The folder of the authority's own registers."""
        return self.data / "registers"

    def prepare(self) -> None:
        """Create the data folder, open to its owner only, and the secret key in it; does nothing the second time."""
        for folder in (self.data, self.evidence, self.registers):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = self.data / "secret.key"
        if not key.exists():
            handle = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_urlsafe(64))

    def secret_key(self) -> str:
        """Return the stored key; before :meth:`prepare` a passing one, good for commands that keep no session."""
        try:
            return (self.data / "secret.key").read_text()
        except OSError:
            return secrets.token_urlsafe(64)

    def database(self) -> dict[str, Any]:
        """Return Django's setting for the database; :class:`SettingError` for an address that is not PostgreSQL's."""
        return _postgres(self.database_url) if self.database_url else _sqlite(self.data / "luoshi.sqlite3")


def _count(environment: Mapping[str, str], name: str) -> int:
    value = environment.get(name, "").strip() or "0"
    if not value.isdecimal() or int(value) > 9:
        raise SettingError(f"{name} 应为 0 到 9 的整数 · {name} must be a whole number from 0 to 9")
    return int(value)


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "luoshi.web.sqlite",
        "NAME": str(path),
        "TEST": {"NAME": ":memory:"},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: an answered request is on disk. recursive_triggers: REPLACE cannot slip past append-only tables.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
            "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise SettingError(
            "LUOSHI_DATABASE_URL 应为 postgresql://用户:口令@主机:端口/库名 · "
            "LUOSHI_DATABASE_URL must be postgresql://user:password@host:port/name"
        )
    query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
