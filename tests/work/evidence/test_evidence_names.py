from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.work.evidence.names import LONGEST_NAME, extension, safe_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("校舍排查 照片.jpg", "校舍排查 照片.jpg"),
        (r"C:\Users\何清\桌面\佐证.docx", "佐证.docx"),
        ("../../etc/passwd", "passwd"),
        ("..", "未命名"),
        ("", "未命名"),
        ("   ", "未命名"),
        (".pdf", "pdf"),
        ("a\x00b\x1f.txt", "ab.txt"),
        ("第一行\n第二行.txt", "第一行 第二行.txt"),
        ("甲\u202egpj.exe", "甲gpj.exe"),
        ("零\u200b宽\ufeff.doc", "零宽.doc"),
        ("\ud800坏.doc", "坏.doc"),
        ('问?星*号"引<左>右|竖:冒.xls', "问_星_号_引_左_右_竖_冒.xls"),
        ("CON", "_CON"),
        ("con.txt", "_con.txt"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("控制.con", "控制.con"),
        ("结尾点....", "结尾点"),
        ("照片.jpg ", "照片.jpg"),
        ("e\u0301.txt", "\u00e9.txt"),
        ("没有扩展名", "没有扩展名"),
        ("句号。结尾.这不是扩展名，只是一句话", "句号。结尾.这不是扩展名，只是一句话"),
    ],
)
def test_name_is_kept_as_far_as_it_is_harmless(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


def test_long_name_is_cut_before_its_extension() -> None:
    assert safe_name("很" * 300 + ".docx") == "很" * 78 + ".docx"
    assert safe_name("a" * 300 + ".docx") == "a" * 115 + ".docx"


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_name_becomes_safe_once_and_stays(name: str) -> None:
    kept = safe_name(name)
    assert 0 < len(kept) <= LONGEST_NAME
    assert len(kept.encode()) <= 240
    assert not set(kept) & set('/\\<>:"|?*\x00\n\u202e\u200f')
    assert kept == kept.strip(" .")
    assert safe_name(kept) == kept


@pytest.mark.parametrize(("name", "ending"), [("a.JPG", "jpg"), (".bashrc", ""), ("a", ""), ("a.tar.gz", "gz")])
def test_extension_is_the_last_part(name: str, ending: str) -> None:
    assert extension(name) == ending
