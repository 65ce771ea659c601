"""What the office formats share: files that ask for a password, and LibreOffice as a helper for the older ones."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from luoshi.reading.errors import DamagedError, LockedError, MissingHelperError, TooLargeError
from luoshi.reading.limits import HELPER_SECONDS, MAX_FILE_BYTES

__all__ = ["convert", "find_office", "is_ole", "locked", "refuse_locked"]

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_PROGRAMS: Final = ("soffice", "libreoffice")
_FOLDERS: Final = (
    "/usr/lib/libreoffice/program",
    "/opt/libreoffice/program",
    "/Applications/LibreOffice.app/Contents/MacOS",
    "C:/Program Files/LibreOffice/program",
)
_SECURITY: Final = "/org.openoffice.Office.Common/Security/Scripting"
_SETTINGS: Final = f"""<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="{_SECURITY}"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="{_SECURITY}"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="{_SECURITY}"><prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="{_SECURITY}"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
</oor:items>
"""
"""A profile of its own for each run: no macro runs, nothing linked is fetched."""


def is_ole(data: bytes) -> bool:
    """Tell whether a file is an OLE container, as the office formats before 2007 and locked newer ones are."""
    return data.startswith(_OLE)


def locked() -> LockedError:
    """Return the error for a file that asks for a password."""
    return LockedError("文件设了密码，请先去掉密码再读。", "The file asks for a password; remove the password first.")


def refuse_locked(data: bytes) -> None:
    """Raise LockedError for a docx or xlsx that was saved with a password: an OLE container around a cipher."""
    if is_ole(data) and _ENCRYPTED in data:
        raise locked()


def find_office() -> str | None:
    """Return the path of LibreOffice, None where it is not installed."""
    places = os.pathsep.join([os.environ.get("PATH", os.defpath), *_FOLDERS])
    return next((found for name in _PROGRAMS if (found := shutil.which(name, path=places))), None)


def convert(data: bytes, suffix: str, *, to: str = "docx") -> bytes:
    """Let LibreOffice convert a file and return the result.

    It works in a private folder with a private profile, which are always removed, and is ended with all its children
    after HELPER_SECONDS. Raises MissingHelperError without LibreOffice, TooLargeError when time runs out or the
    result is too large, DamagedError when nothing comes out.
    """
    program = find_office()
    if program is None:
        raise MissingHelperError(
            "读取这种文件需要 LibreOffice（.doc 和 .wps 也可装扩展 luoshi[office]），请安装后重试，或另存为 .docx。",
            "This kind of file needs LibreOffice (for .doc and .wps the extra luoshi[office] will do); install it and "
            "try again, or save the file as .docx.",
        )
    with tempfile.TemporaryDirectory(prefix="luoshi-", ignore_cleanup_errors=True) as folder:
        return _convert_in(Path(folder), program, data, suffix, to)


def _convert_in(folder: Path, program: str, data: bytes, suffix: str, to: str) -> bytes:
    settings = folder / "profile" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_SETTINGS, encoding="utf-8")
    source = folder / f"in{suffix}"
    source.write_bytes(data)
    out = folder / "out"
    options = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard"]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    _run([program, profile, *options, "--convert-to", to, "--outdir", str(out), str(source)], folder)
    result = out / f"in.{to}"
    if not result.is_file():
        raise DamagedError(
            "LibreOffice 打不开这个文件，文件可能已损坏或设了密码，请另存为 .docx 再读。",
            "LibreOffice cannot open this file; it may be damaged or ask for a password. Save it as .docx first.",
        )
    if result.stat().st_size > MAX_FILE_BYTES:
        raise _too_slow()
    return result.read_bytes()


def _run(command: list[str], folder: Path) -> None:
    """Run a program in a session of its own, so that the children it starts end with it."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder)}
    process = subprocess.Popen(  # noqa: S603 — a program found on the machine, no shell, fixed options
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(timeout=HELPER_SECONDS)
    except subprocess.TimeoutExpired:
        raise _too_slow() from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and whatever it left running."""
    if hasattr(os, "killpg"):
        # All may be gone by now, or only a zombie be left that wait() takes away.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _too_slow() -> TooLargeError:
    return TooLargeError(
        f"LibreOffice 在{HELPER_SECONDS}秒内没有转换完这个文件，请拆成几个文件，或另存为 .docx 再读。",
        f"LibreOffice did not convert this file within {HELPER_SECONDS} seconds; split it, or save it as .docx.",
    )
