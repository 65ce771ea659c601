"""Keeping the process beside the server alive: started with it, started again where it dies, ended with it."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from contextlib import suppress
from typing import Final

__all__ = ["Companion"]

_LOOK: Final = 0.5
_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
_STEADY: Final = 60.0
"""Seconds after which a process that died counts as one that had worked."""


class Companion:
    """The one child of a server; all methods are called by the server's first process."""

    def __init__(self, *command: str) -> None:
        """Prepare to run `command`; without one, the process that works tasks off, told whose child it is."""
        self._command = command or (sys.executable, "-P", "-m", "luoshi.web.background", str(os.getpid()))
        self._stopping = threading.Event()
        self._watch = threading.Thread(target=self._keep_alive, daemon=True)
        self._pause = _FIRST_PAUSE / 2
        self._began = 0.0
        self.pid = 0

    def start(self) -> None:
        """Start the process, and a thread that looks after it."""
        self._spawn()
        self._watch.start()

    def stop(self, grace: float = 20.0) -> None:
        """End the process; work under way may be finished for so many seconds."""
        self._stopping.set()
        if self._watch.ident is not None:
            self._watch.join()
        if self._gone():
            return
        self._send(signal.SIGTERM)
        until = time.monotonic() + grace
        while not self._gone():
            if time.monotonic() > until:
                self._send(signal.SIGKILL)
            time.sleep(0.02)

    def _keep_alive(self) -> None:
        while not self._stopping.wait(_LOOK):
            if self._gone():
                self._pause = _FIRST_PAUSE if self._lasted() else min(2 * self._pause, _LONGEST_PAUSE)
                sys.stderr.write(f"background: ended, starting it again in {self._pause:.0f} s\n")
                if self._stopping.wait(self._pause):
                    return
                self._spawn()

    def _lasted(self) -> bool:
        return time.monotonic() - self._began > _STEADY

    def _spawn(self) -> None:
        # Not `subprocess`: the server forks meanwhile, and a pipe held open by that fork would let it wait for ever.
        self.pid = os.posix_spawn(self._command[0], self._command, dict(os.environ), setpgroup=0)
        self._began = time.monotonic()

    def _gone(self) -> bool:
        """Tell whether the process has ended; the server may have noticed first and asked for its end."""
        if not self.pid:
            return True
        try:
            ended = os.waitpid(self.pid, os.WNOHANG)[0] == self.pid
        except ChildProcessError:
            ended = True
        if ended:
            self.pid = 0
        return ended

    def _send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
