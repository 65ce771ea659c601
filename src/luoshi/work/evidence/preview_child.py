"""Makes one small picture of one file in a process of its own; run as a program by `previews.py`.

Pictures and PDF files come from anybody, and their decoders are large C programs: what goes wrong in them, or takes
too much time or memory, ends this process and nothing else. It is run by its path, without the package around it, and
so imports nothing of Luoshi. Arguments: the file, its kind, the picture to write, the longest side in pixels.

What is written is drawn anew from the pixels: no place, no device, no date, no text of the original goes along.
"""

import sys
import warnings
from pathlib import Path
from typing import Any

MEMORY = 1 << 30
SECONDS = 20
MOST_PIXELS = 120_000_000
FORMATS = {"png": "PNG", "jpg": "JPEG", "tiff": "TIFF", "bmp": "BMP", "webp": "WEBP", "gif": "GIF", "avif": "AVIF"}
NO_PREVIEW = 3


def main(source: str, kind: str, target: str, side: int) -> int:
    """Write the picture; return the exit code."""
    warnings.simplefilter("ignore")
    made = _page(source, side) if kind == "pdf" else _picture(source, kind, side)
    if made is None:
        return NO_PREVIEW
    made.save(target, "JPEG", quality=82, optimize=True)
    return 0


def _picture(source: str, kind: str, side: int) -> Any:
    """Return the picture upright, on white, at most `side` pixels long."""
    from PIL import Image, ImageOps  # noqa: PLC0415 — nothing of it may run before the limits are set

    with Image.open(source, formats=[FORMATS[kind]]) as image:
        if image.width * image.height > MOST_PIXELS:
            return None
        image.draft("RGB", (side * 2, side * 2))
        image.thumbnail((side, side))
        upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith(("I", "F")):
        upright = upright.point(lambda value: value / 256).convert("L")
    return _on_white(upright)


def _on_white(image: Any) -> Any:
    """Return the mere pixels, without transparency and without anything else that the picture carried."""
    from PIL import Image  # noqa: PLC0415 — nothing of it may run before the limits are set

    paper = Image.new("RGB", image.size, "white")
    layered = image.convert("RGBA")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _page(source: str, side: int) -> Any:
    """Return the first page of a PDF file, None where it has no page or no size."""
    import pypdfium2  # noqa: PLC0415 — nothing of it may run before the limits are set

    document = pypdfium2.PdfDocument(source)
    if not len(document):
        return None
    page = document[0]
    width, height = page.get_size()
    if not (0 < width < 20_000 and 0 < height < 20_000):
        return None
    scale = min(side / max(width, height), 4.0)
    return page.render(scale=scale).to_pil().convert("RGB")


def limit() -> None:
    """Let the system take away time and memory that no honest file needs, where it can."""
    try:
        import resource  # noqa: PLC0415 — not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    limit()
    given = sys.argv[1:5]
    if not Path(given[0]).is_file():
        sys.exit(NO_PREVIEW)
    sys.exit(main(given[0], given[1], given[2], int(given[3])))
