"""The command line: `luoshi read`, `luoshi draft`, `luoshi explain`.

Starting costs little: every heavy import waits until a command needs it.
"""

from luoshi.cli.app import main

__all__ = ["main"]
