"""`luoshi account create-all`: accounts for everybody who has a post and none yet, at the server.

Django is set up before it is called; :class:`StopError` says what stopped it, and nothing was made then.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from luoshi.cli.console import Console
from luoshi.cli.outcome import Exit, StopError
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.org.account_bulk import Line, Survey
    from luoshi.org.models import Unit

__all__ = ["create_all"]


def create_all(out: Path, under: str, console: Console) -> Exit:
    """Make the accounts and write their sheet to a new file that only its owner can read.

    The sheet is written before anything is final: where it cannot be, no account was made. Who cannot get an account
    like this is named on standard error. Nobody to make one for leaves no file.
    """
    from django.utils import translation  # noqa: PLC0415 — the command line starts without Django

    from luoshi.org.account_bulk import survey  # noqa: PLC0415 — as above

    with translation.override("zh-hans" if console.language == "zh" else "en"):
        found = survey(unit=_unit(under))
        _name_problems(found, console)
        if not found.wanted:
            _say(Words("没有要建账号的人。", "Nobody is in want of an account."), console)
            return Exit.FOUND if found.problems else Exit.FINE
        count = _made(found, out, console)
    done = Words(
        f"已建 {count} 个账号，名单和一次性密码在 {out}。里面是密码：只有您能读，发完请销毁。14 天内不用就作废。",
        f"{count} accounts made; names and one-time passwords are in {out}. It holds passwords: only you can read it; "
        "destroy it once they are handed out. They are good for 14 days.",
    )
    _say(done, console)
    return Exit.FOUND if found.problems else Exit.FINE


def _made(found: Survey, out: Path, console: Console) -> int:
    """Make the accounts and return how many; the file is gone again where something stops it."""
    from django.core.exceptions import ValidationError  # noqa: PLC0415 — as above

    from luoshi.org import account_bulk as bulk  # noqa: PLC0415 — as above
    from luoshi.org.account_sheet import workbook  # noqa: PLC0415 — as above
    from luoshi.org.policy import SYSTEM_ACTOR  # noqa: PLC0415 — as above

    count = len(found.wanted)
    file = _new_file(out)
    is_whole = False

    def hand_out(lines: Sequence[Line]) -> None:
        with os.fdopen(os.dup(file), "wb") as target:
            target.write(workbook(lines))
            target.flush()
            os.fsync(target.fileno())

    def said(number: int) -> None:
        console.progress(number, count, "")

    try:
        made = bulk.create_all(found.wanted, by=SYSTEM_ACTOR, said=said, hand_out=hand_out)
        is_whole = True
    except OSError as error:
        raise _unwritable(out, error) from error
    except ValidationError as refused:
        words = " ".join(refused.messages)
        raise StopError(Exit.MISUSED, words, words) from refused
    finally:
        console.wipe_progress()
        os.close(file)
        if not is_whole:
            out.unlink(missing_ok=True)
    return len(made.lines)


def _new_file(out: Path) -> int:
    """Open a file that was not there, for its owner alone; others' rights to an old file would let them read on."""
    try:
        return os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise StopError(
            Exit.UNWRITABLE,
            f"{out} 已经存在，没有动它；请另取一个文件名。",
            f"{out} is there already and was left alone; choose another name.",
        ) from error
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> StopError:
    return StopError(
        Exit.UNWRITABLE,
        f"{out} 写不进去（{error.strerror}），一个账号也没有建。",
        f"{out} cannot be written ({error.strerror}); no account was made.",
    )


def _unit(code: str) -> Unit | None:
    from luoshi.org.models import Unit  # noqa: PLC0415 — as above

    if not code:
        return None
    unit: Unit | None = Unit.objects.filter(code=code).first()
    if unit is None:
        raise StopError(Exit.MISUSED, f"没有代码为 {code} 的单位。", f"There is no unit of the code {code}.")
    return unit


def _name_problems(found: Survey, console: Console) -> None:
    for problem in found.problems:
        one = problem.candidate
        sentence = f"{one.unit} {one.name} {one.staff_no}: {problem.why}"
        console.error(Words(sentence, sentence))


def _say(words: Words, console: Console) -> None:
    print(words.in_(console.language))
