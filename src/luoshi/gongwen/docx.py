"""A table as a document for Word, WPS and LibreOffice, in the national layout of official documents."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import BinaryIO

from luoshi.gongwen.table import Sheet
from luoshi.words import Language

__all__ = ["write_docx_table"]


def write_docx_table(
    sheet: Sheet,
    target: Path | BinaryIO,
    *,
    title: str = "",
    language: Language = "zh",
    created: dt.datetime | None = None,
) -> None:
    """Write one sheet as a landscape table after GB/T 9704.

    `title` (else the sheet's) and `created` are properties of the file. The same sheet gives the same bytes: without
    `created` the file names the first day that its format can name. Raises OSError when the target cannot be written.
    """
    raise NotImplementedError
