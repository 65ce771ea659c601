"""Plans on their way out: to the screen as they come, to one file together, or to a file each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from luoshi.cli.console import Console
from luoshi.cli.delivery import Destination, write_safely
from luoshi.cli.outputs import docx_bytes, drawn_lines, plain_lines, xlsx_bytes
from luoshi.cli.stdout import json_bytes, print_bytes, print_text, screen_width
from luoshi.drafting.contract import to_json
from luoshi.drafting.table import to_table
from luoshi.words import Words

if TYPE_CHECKING:
    from luoshi.drafting.plan import Plan

__all__ = ["Results"]


class Results:
    """Takes the plans of the files named, one by one, to one destination."""

    def __init__(self, destination: Destination, console: Console, names: Sequence[str]) -> None:
        self._destination = destination
        self._console = console
        self._names = names
        self._many = len(names) > 1
        self._collected: list[Any] = []
        self._first = True
        self._width = screen_width()

    def take(self, index: int, plan: Plan) -> None:
        """Take the plan of the file with this place on the command line; write it now unless all go out together."""
        self._console.wipe_progress()
        destination = self._destination
        if destination.paths and not destination.joined:
            self._write(index, self._bytes(plan))
        elif destination.format == "json":
            self._collected.append(to_json(plan, self._console.language))
        elif destination.paths or destination.format != "table":
            self._collected.append(self._bytes(plan))
        else:
            print_text(self._screen_text(index, plan))
            self._first = False

    def finish(self) -> None:
        """Write what was to go out together. Where no file could be read, an old result stays as it is."""
        destination = self._destination
        if destination.format == "json" and not destination.paths and self._many:
            print_bytes(json_bytes(self._collected))
        elif not self._collected:
            return
        elif destination.format == "json":
            self._deliver(json_bytes(self._collected if self._many else self._collected[0]))
        else:
            self._deliver(b"\n".join(self._collected))

    def _deliver(self, content: bytes) -> None:
        if self._destination.paths:
            self._write(0, content)
        else:
            print_bytes(content)

    def _write(self, index: int, content: bytes) -> None:
        path = self._destination.paths[index]
        write_safely(path, content)
        self._console.detail(Words(f"  已写 {path}", f"  wrote {path}"))

    def _bytes(self, plan: Plan) -> bytes:
        language = self._console.language
        match self._destination.format:
            case "json":
                return json_bytes(to_json(plan, language))
            case "xlsx":
                return xlsx_bytes(to_table(plan, language), language)
            case "docx":
                return docx_bytes(to_table(plan, language), language)
            case _:
                return self._plain_text(plan).encode("utf-8", "replace")

    def _plain_text(self, plan: Plan) -> str:
        language = self._console.language
        return "".join(line + "\n" for line in plain_lines(to_table(plan, language), language))

    def _screen_text(self, index: int, plan: Plan) -> str:
        gap = "" if self._first else "\n"
        head = f"==> {self._names[index]} <==\n" if self._many else ""
        if self._width is None:
            return gap + head + self._plain_text(plan)
        language = self._console.language
        lines = drawn_lines(to_table(plan, language), self._width, language)
        return gap + head + "".join(line + "\n" for line in lines)
