"""How much of a file is taken in: the bounds that keep hostile and huge input from using up the machine.

A file over a limit is refused with :class:`~luoshi.reading.errors.TooLargeError`, never cut silently.
"""

from typing import Final

MAX_FILE_BYTES: Final = 200 * 1024 * 1024
"""Size of a file as it lies on disk."""

MAX_CHARACTERS: Final = 5_000_000
"""Characters of text in one document; a government report of a province has about 20,000."""

MAX_UNPACKED_BYTES: Final = 400 * 1024 * 1024
"""Sum of all parts that are unpacked out of one archive (docx, xlsx, ofd)."""

MAX_MEMBER_BYTES: Final = 200 * 1024 * 1024
"""Size of one unpacked part."""

MAX_MEMBERS: Final = 20_000
"""Parts in one archive."""

MAX_RATIO: Final = 200
"""Unpacked over packed size of one part beyond :data:`RATIO_FREE_BYTES`; ordinary office files stay under 60."""

RATIO_FREE_BYTES: Final = 5 * 1024 * 1024
"""A part up to this size may be packed as tightly as it likes."""

MAX_DEPTH: Final = 200
"""Nesting of elements or tables; deeper content is read as if it stood at this depth, or refused by the parser."""

MAX_PAGES: Final = 12_000
"""Pages of a pdf or ofd."""

MAX_OCR_PAGES: Final = 200
"""Pages that are recognised from pictures in one document."""

MAX_PIXELS: Final = 80_000_000
"""Pixels of one picture or rendered page."""

MAX_CELLS: Final = 2_000_000
"""Cells of one workbook."""

HELPER_SECONDS: Final = 120
"""How long an outside program (LibreOffice) may take over one file."""
