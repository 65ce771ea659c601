"""Tables as a workbook for Excel, WPS and LibreOffice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from luoshi.gongwen.table import Sheet
from luoshi.words import Language

__all__ = ["write_xlsx"]


def write_xlsx(
    sheets: Sequence[Sheet],
    target: Path | BinaryIO,
    *,
    title: str = "",
    language: Language = "zh",
    created: dt.datetime | None = None,
) -> None:
    """Write the sheets into one workbook, each ready to be printed on landscape A4.

    `title` and `created` are properties of the file. The same sheets give the same bytes: without `created` the file
    names the first day that its format can name. Raises ValueError when there is no sheet or more rows than a sheet
    can hold, and OSError when the target cannot be written.
    """
    raise NotImplementedError
