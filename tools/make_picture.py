"""Makes the picture of the READMEs anew: the first page of the example speech's workbook.

Needs LibreOffice and pdftoppm, as the tests do: `python tools/make_picture.py`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "pictures" / "task-table"
LUOSHI = Path(sys.executable).with_name("luoshi")


def main() -> None:
    """Draft the speech, print the workbook, and keep the upper part of its first page."""
    with tempfile.TemporaryDirectory() as scratch:
        book = Path(scratch) / "table.xlsx"
        examples = ROOT / "examples"
        draft: list[str | Path] = [
            "draft",
            "--language",
            "zh",
            "--units",
            examples / "units.csv",
            examples / "讲话.docx",
            "-o",
            book,
        ]
        subprocess.run([LUOSHI, *draft], check=True)
        profile = f"-env:UserInstallation={Path(scratch, 'profile').as_uri()}"
        convert: list[str | Path] = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", scratch, book]
        subprocess.run(convert, check=True, stdout=subprocess.DEVNULL)
        crop = ["-x", "32", "-y", "32", "-W", "872", "-H", "416"]
        page = ["-f", "1", "-singlefile", "-r", "80", "-png"]
        subprocess.run(["pdftoppm", *page, *crop, book.with_suffix(".pdf"), PICTURE], check=True)


if __name__ == "__main__":
    main()
