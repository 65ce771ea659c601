from __future__ import annotations

from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest

from luoshi.reading import DamagedError, Extract
from luoshi.reading.formats import mhtml

PAGE = "<html><head><title>工作要点</title></head><body><h1>青禾县教育局工作要点</h1><p>各学校六月底前完成整改。</p></body></html>"


def texts(extract: Extract) -> list[str]:
    return [extract.text[block.start : block.end] for block in extract.blocks]


def saved(page: str, charset: str, encoding: str) -> bytes:
    message = EmailMessage()
    message.set_content(page, subtype="html", charset=charset, cte=encoding)
    message.add_related(b"\x89PNG" + bytes(5000), "image", "png")
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030"])
@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_page_is_read_in_the_encoding_of_its_header(charset: str, encoding: str) -> None:
    extract = mhtml.read(saved(PAGE, charset, encoding), "要点.mht")

    assert texts(extract) == ["青禾县教育局工作要点", "各学校六月底前完成整改。"]
    assert (extract.format, extract.properties) == ("mhtml", {"title": "工作要点"})


def test_first_page_is_read_and_later_ones_are_not() -> None:
    message = MIMEMultipart("related")
    for text in ("正文", "页眉"):
        message.attach(MIMEText(f"<p>{text}</p>", "html", "utf-8"))

    assert texts(mhtml.read(message.as_bytes(), "")) == ["正文"]


def test_page_inside_an_alternative_is_found() -> None:
    inner = MIMEMultipart("alternative")
    inner.attach(MIMEText("纯文本", "plain", "utf-8"))
    inner.attach(MIMEText("<p>网页</p>", "html", "utf-8"))
    outer = MIMEMultipart("related")
    outer.attach(inner)

    assert texts(mhtml.read(outer.as_bytes(), "")) == ["网页"]


def test_single_page_without_parts_is_read() -> None:
    data = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p>各学校</p>".encode("gbk")

    assert texts(mhtml.read(data, "")) == ["各学校"]


def test_unknown_charset_is_sniffed() -> None:
    data = "MIME-Version: 1.0\r\nContent-Type: text/html; charset=x-none\r\n\r\n<p>各学校要整改</p>".encode("gbk")

    assert texts(mhtml.read(data, "")) == ["各学校要整改"]


def test_archive_cut_short_gives_what_is_there() -> None:
    data = saved(PAGE, "utf-8", "quoted-printable")

    assert texts(mhtml.read(data[: data.index(b"</h1>")], "")) == ["青禾县教育局工作要点"]


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--\r\n",
        MIMEText("纯文本", "plain", "utf-8").as_bytes(),
        b"Content-Type: multipart/related; boundary=x\r\n" * 30 + b"Content-Type: text/html\r\n\r\nx",
    ],
    ids=["no parts", "no page", "nested without end"],
)
def test_archive_without_a_page_is_damaged(data: bytes) -> None:
    with pytest.raises(DamagedError):
        mhtml.read(data, "")
