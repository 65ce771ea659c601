"""Small files of every kind, made on the spot."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

__all__ = ["OLE_HEAD", "camera_photo", "page", "picture", "zipped"]

OLE_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", colour: object = "navy") -> bytes:
    """Return a picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, form)  # type: ignore[arg-type]
    return out.getvalue()


def camera_photo() -> bytes:
    """Return a photo that lies on its side and tells where and with what it was taken."""
    out = io.BytesIO()
    image = Image.new("RGB", (400, 200), "white")
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    exif[0x010F] = "QinghePhone"
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 15.0, 7.0), 3: "E", 4: (104.0, 3.0, 9.0)})
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


def page() -> bytes:
    """Return a PDF file of one page with a red square."""
    out = io.BytesIO()
    Image.new("RGB", (200, 300), "red").save(out, "PDF")
    return out.getvalue()


def zipped(*names: str, content: bytes = b"x") -> bytes:
    """Return a zip file with these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return out.getvalue()
