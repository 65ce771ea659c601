"""Pictures and scans, by the recognition of the extra `ocr` (RapidOCR with the models inside its wheel).

Nothing is fetched and nothing is logged: the engine is given the model files by their paths, and refuses to start
without them. A recognised line is one :class:`~luoshi.reading.formats.lines.Glyph`.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from luoshi.reading.errors import DamagedError, EmptyFileError, MissingHelperError, TooLargeError
from luoshi.reading.extract import Builder, Extract, Repair
from luoshi.reading.formats.lines import Glyph
from luoshi.reading.formats.sheets import Layout, Sheet
from luoshi.reading.limits import MAX_OCR_PAGES, MAX_PIXELS
from luoshi.words import Words

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Mending", "is_installed", "missing_helper", "read", "recognise"]

_FORMATS: Final = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
_MODELS: Final = {"Det": "*det*.onnx", "Cls": "*cls*.onnx", "Rec": "*rec*.onnx"}
_LONGEST: Final = 4000
"""Longest side, in pixels, that is recognised as it is; larger pictures are made smaller first."""
_BOX: Final = 0.78
"""Size of the characters over the height of the box that is drawn around them."""
_HALF: Final = dict(zip(",;:?!", "，；：？！", strict=True))
_CHINESE: Final = r"[\u3400-\u9fff”’）》〉」』】〕]"
_HALF_BESIDE_CHINESE = re.compile(rf"(?<={_CHINESE})[,;:?!]|(?<![\s,;:?!])[,;?!](?=[\u3400-\u9fff“‘（《])")
_RUNNING: Final = Lock()


class Mending:
    """Counts the half-width marks that were made full-width."""

    def __init__(self) -> None:
        self.count = 0

    def mend(self, text: str) -> str:
        """Return a line with the half-width commas and the like beside Chinese characters made full-width."""
        text, count = _HALF_BESIDE_CHINESE.subn(lambda match: _HALF[match[0]], text)
        self.count += count
        return text

    def repairs(self) -> list[Repair]:
        """Return what was done, if anything was."""
        if not self.count:
            return []
        words = Words(
            f"把识别成半角的{self.count}个标点改成了全角。",
            f"Made {self.count} recognised half-width marks full-width.",
        )
        return [Repair("full-width punctuation", self.count, words)]


def read(data: bytes, name: str) -> Extract:
    """Read a picture (png, jpg, bmp, webp, or a tiff with one or many pages).

    Raises MissingHelperError without the extra `ocr`, TooLargeError by the size that the picture's header states,
    DamagedError, and EmptyFileError when no character is recognised.
    """
    del name  # a picture is known by its content
    if not data:
        raise EmptyFileError("文件是空的，请换一个文件。", "The file is empty; choose another file.")
    if not is_installed():
        raise missing_helper()
    layout, mending, builder = Layout(), Mending(), Builder("picture")
    found = False
    for number, pixels in enumerate(_pages(data), start=1):
        sheet = recognise(pixels, 1.0, number=number, mending=mending)
        found = found or bool(sheet.glyphs)
        layout.add(sheet)
    if not found:
        raise EmptyFileError(
            "图片里没有认出文字，请换一张清楚的图片。", "No text was recognised; choose a clearer picture."
        )
    builder.repairs += mending.repairs()
    layout.fill(builder)
    return builder.done()


def is_installed() -> bool:
    """Tell whether the extra `ocr` is installed."""
    return all(find_spec(name) is not None for name in ("rapidocr", "onnxruntime", "cv2", "numpy"))


def missing_helper() -> MissingHelperError:
    """Return the error that tells how to install recognition."""
    return MissingHelperError(
        "文件是图片或扫描件，请安装文字识别组件后再读：pip install luoshi[ocr]。",
        "The file is a picture or a scan; install recognition first: pip install luoshi[ocr].",
    )


def recognise(pixels: Any, scale: float, *, number: int, mending: Mending) -> Sheet:
    """Recognise one page of pixels (an array of height, width, and blue, green, red) of `scale` pixels to a unit."""
    height, width = pixels.shape[:2]
    with _RUNNING:  # the engine keeps state between its steps
        result = _engine()(pixels)
    boxes = result.boxes if getattr(result, "boxes", None) is not None else ()
    texts = getattr(result, "txts", None) or ()
    glyphs = [_glyph(box, mending.mend(text), scale) for box, text in zip(boxes, texts, strict=True)]
    return Sheet(number, width / scale, height / scale, glyphs, exact=False)


def _glyph(box: Any, text: str, scale: float) -> Glyph:
    """Return a recognised line; its `base` is the middle of its box, which a thin character does not shift."""
    across = sorted(float(corner[0]) / scale for corner in box)
    down = sorted(float(corner[1]) / scale for corner in box)
    middle = sum(down) / 4
    height = (down[2] + down[3] - down[0] - down[1]) / 2
    return Glyph(text, (across[0] + across[1]) / 2, (across[2] + across[3]) / 2, middle, max(_BOX * height, 1.0))


@cache
def _engine() -> Any:
    """Start the engine, once a process."""
    import onnxruntime  # noqa: PLC0415 — heavy, and not every run needs it
    import rapidocr  # noqa: PLC0415 — as above

    onnxruntime.set_default_logger_severity(4)
    folder = Path(rapidocr.__file__).parent / "models"
    params: dict[str, Any] = {"Global.log_level": "critical", "Global.max_side_len": _LONGEST}
    for step, pattern in _MODELS.items():
        models = sorted(folder.glob(pattern))
        if not models:
            raise missing_helper()
        params[f"{step}.model_path"] = str(models[0])
    return rapidocr.RapidOCR(params=params)


def _pages(data: bytes) -> Iterator[Any]:
    """Return the pixels of each page of a picture; its stated size is checked before anything is decoded."""
    from PIL import Image, ImageSequence, UnidentifiedImageError  # noqa: PLC0415 — heavy, and not every run needs it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd tags, and of sizes that are checked below
            with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
                for number, frame in enumerate(ImageSequence.Iterator(image)):
                    if number >= MAX_OCR_PAGES or frame.width * frame.height > MAX_PIXELS:
                        raise _too_large()
                    yield _pixels(frame)
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError) as error:
        raise DamagedError(
            "图片已损坏或不是能读的格式，请另存为 PNG 或 JPG 再读。",
            "The picture is damaged or of an unknown kind; save it as PNG or JPG.",
        ) from error


def _pixels(frame: Image.Image) -> Any:
    """Return a frame upright and on white, as blue, green and red."""
    import numpy as np  # noqa: PLC0415 — heavy, and not every run needs it
    from PIL import Image, ImageOps  # noqa: PLC0415 — as above

    upright = ImageOps.exif_transpose(frame)
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.new("RGBA", layer.size, "white")
        upright.alpha_composite(layer)
    return np.ascontiguousarray(np.asarray(upright.convert("RGB"))[:, :, ::-1])


def _too_large() -> TooLargeError:
    return TooLargeError(
        f"图片过大（超过{MAX_PIXELS // 10_000}万像素或{MAX_OCR_PAGES}页），请缩小或拆开再读。",
        f"The picture is too large (over {MAX_PIXELS} pixels or {MAX_OCR_PAGES} pages); make it smaller or split it.",
    )
