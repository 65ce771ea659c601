from __future__ import annotations

import fcntl
import io
import zlib
from pathlib import Path

import pytest
from PIL import Image

from luoshi.work.evidence import path_of, previews, store
from luoshi.work.evidence.previews import BusyError, Side, preview
from luoshi.work.models import Evidence

from .samples import camera_photo, page, picture, zipped

pytestmark = pytest.mark.django_db


def kept(content: bytes, name: str = "a") -> Evidence:
    return store(io.BytesIO(content), name=name)


def shown(evidence: Evidence, side: Side = Side.THUMB) -> Image.Image:
    path = preview(evidence, side)
    assert path is not None
    with Image.open(path) as image:
        assert image.format == "JPEG"
        image.load()
        return image


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_picture_of_every_format_is_drawn(form: str) -> None:
    image = shown(kept(picture(form, (640, 320))))
    assert image.size == (320, 160)
    red, _green, blue = image.getpixel((100, 80))  # type: ignore[misc]
    assert blue > 100 > red


def test_photo_stands_upright_and_tells_neither_place_nor_device(folder: Path) -> None:
    original = camera_photo()
    evidence = kept(original, "照片.jpg")
    image = shown(evidence)
    assert image.size == (160, 320)
    assert dict(image.getexif()) == {}
    assert b"QinghePhone" not in (preview(evidence, Side.THUMB) or Path()).read_bytes()
    assert path_of(evidence).read_bytes() == original


def test_small_picture_is_not_blown_up() -> None:
    assert shown(kept(picture("PNG", (40, 30))), Side.LARGE).size == (40, 30)


def test_large_picture_is_at_most_1600_long() -> None:
    assert shown(kept(picture("JPEG", (4000, 1000))), Side.LARGE).size == (1600, 400)


def test_transparent_picture_lies_on_white() -> None:
    assert shown(kept(picture("PNG", (40, 30), "RGBA", (0, 0, 0, 0)))).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize(("mode", "colour"), [("1", 1), ("L", 128), ("P", 3), ("LA", (9, 9)), ("I;16", 30_000)])
def test_picture_of_every_mode_is_drawn(mode: str, colour: object) -> None:
    assert shown(kept(picture("PNG", (40, 30), mode, colour))).mode == "RGB"


def test_first_page_of_a_pdf_is_drawn() -> None:
    image = shown(kept(page(), "通知.pdf"))
    assert max(image.size) == 320
    red, green, _blue = image.getpixel((image.width // 2, image.height // 2))  # type: ignore[misc]
    assert red > 200
    assert green < 50


def test_picture_is_made_once(folder: Path) -> None:
    evidence = kept(picture())
    first = preview(evidence, Side.THUMB)
    assert first is not None
    before = first.stat()
    assert preview(evidence, Side.THUMB) == first
    assert first.stat().st_ino == before.st_ino
    assert first.stat().st_mode & 0o777 == 0o600


def bomb() -> bytes:
    """Return a PNG file of a few kilobytes that claims 30,000 × 30,000 pixels."""
    header = (30_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    data = zlib.compress(bytes(100_000))
    parts = b""
    for name, content in ((b"IHDR", header), (b"IDAT", data), (b"IEND", b"")):
        parts += len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize(
    "content",
    [picture("JPEG", (400, 400))[:200], b"\x89PNG\r\n\x1a\n" + bytes(50), b"%PDF-1.7 broken", bomb()],
    ids=["cut photo", "no picture", "broken pdf", "bomb"],
)
def test_what_cannot_be_drawn_has_no_preview_and_is_tried_once(content: bytes, folder: Path) -> None:
    evidence = kept(content)
    assert evidence.kind in {"png", "jpg", "pdf"}
    assert preview(evidence, Side.THUMB) is None
    marks = (folder.parent / "previews").rglob("*.jpg")
    assert [path.stat().st_size for path in marks] == [0]
    assert preview(evidence, Side.THUMB) is None


@pytest.mark.parametrize("content", [b"text", zipped("a.txt"), b"<svg></svg>", b"<!doctype html><p>a"])
def test_other_kinds_have_no_preview_and_start_nothing(content: bytes, folder: Path) -> None:
    assert preview(kept(content, "a.txt"), Side.THUMB) is None
    assert not (folder.parent / "previews").exists()


def test_lost_file_has_no_preview_until_it_is_back() -> None:
    evidence = kept(picture())
    content = path_of(evidence).read_bytes()
    path_of(evidence).unlink()
    assert preview(evidence, Side.THUMB) is None
    path_of(evidence).write_bytes(content)
    assert preview(evidence, Side.THUMB) is not None


def test_while_another_picture_is_made_one_waits_and_then_gives_up(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "_PATIENCE", 0.2)
    evidence = kept(picture())
    (folder.parent / "previews").mkdir()
    with (folder.parent / "previews" / ".turn").open("ab") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        with pytest.raises(BusyError):
            preview(evidence, Side.THUMB)
    assert preview(evidence, Side.THUMB) is not None
