"""A throw-away PostgreSQL cluster for tests and measurements: started on a socket of its own, gone afterwards.

`LUOSHI_TEST_DATABASE=postgres` runs the suite on it. A cluster will not run as root, so root starts it as `postgres`
(or, where there is no such user, as `nobody`).
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

__all__ = ["programs", "start", "url_of"]

# Durable by default, as an installation is; a test run that may lose its data is faster without.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
_SMALL = ("listen_addresses=", "max_connections=60", "shared_buffers=128MB", "autovacuum=on")


def programs() -> Path | None:
    """Return the folder of the server's programs (`initdb`, `pg_ctl`), or None where they are not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


def start(*, durable: bool = False) -> tuple[str, Callable[[], None]]:
    """Start a cluster in a new temporary folder; return the address of its database and what stops and removes it.

    FileNotFoundError where PostgreSQL's server is not installed.
    """
    binaries = programs()
    if binaries is None:
        raise FileNotFoundError("PostgreSQL's server is not installed (Debian: apt install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="luoshi-pg-"))
    owner = _owner()
    if owner is not None:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        folder.chmod(0o700)
    settings = (*_SMALL, *(() if durable else _FAST), f"unix_socket_directories={folder}")
    data = folder / "data"
    _run(
        owner,
        [str(binaries / "initdb"), "-D", str(data), "-U", "luoshi", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
    )
    options = " ".join(f"-c {setting}" for setting in settings)
    pg_ctl = str(binaries / "pg_ctl")
    _run(owner, [pg_ctl, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "-t", "60", "start"])

    def stop() -> None:
        _run(owner, [pg_ctl, "-D", str(data), "-m", "immediate", "stop"])
        shutil.rmtree(folder, ignore_errors=True)

    return url_of(folder), stop


def url_of(folder: Path, name: str = "postgres") -> str:
    """Return the address of a database of the cluster whose socket is in `folder`."""
    return f"postgresql://luoshi@/{name}?host={folder}"


def _owner() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise FileNotFoundError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _run(owner: pwd.struct_passwd | None, command: list[str]) -> None:
    who = {} if owner is None else {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LANG": "C"},
        **who,  # type: ignore[call-overload]
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[:1])} failed: {done.stdout}{done.stderr}")
