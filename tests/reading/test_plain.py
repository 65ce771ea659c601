from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading import Extract, Place, Role, TooLargeError
from luoshi.reading.formats import markdown, plain
from luoshi.reading.limits import MAX_CHARACTERS

PARAGRAPHS = (
    "一、总体安排",
    (
        "今年秋季学期起，全县各中小学校要把校园安全工作放在各项工作的首位，由校长负总责，分管副校长具体抓，"
        "每月至少组织一次隐患排查，排查情况报县教育局安全管理股，对发现的隐患建立台账，逐项明确整改措施、"
        "责任人和完成时限，能立即整改的立即整改，一时难以整改的要制定方案，落实防范措施，确保不发生问题。"
    ),
    (
        "县教育局每季度通报一次各学校排查整改情况，对工作不力、问题突出的学校，约谈校长并取消当年评优资格，"
        "对因工作不落实造成后果的，依照有关规定严肃追究责任，结果与年度考核和绩效工资分配直接挂钩执行。"
    ),
    "二、工作要求",
    (
        "各学校要在九月底前完成方案的制定，十月底前完成第一轮的排查，年底前将全年的工作情况书面报送县教育局，"
        "报送材料须由校长签字并加盖公章，逾期不报的在全县范围内通报批评。"
    ),
)


def wrapped(paragraph: str, characters: int) -> str:
    return "\n".join(paragraph[at : at + characters] for at in range(0, len(paragraph), characters))


def texts(extract: Extract) -> list[str]:
    return [extract.text[block.start : block.end] for block in extract.blocks]


def test_text_is_the_decoded_file_and_every_line_a_block() -> None:
    extract = plain.read("\ufeff同志们：\r\n\r\n　　今天开会。\r\n \t\r\n散会\r\n".encode(), "讲话.txt")

    assert extract.text == "同志们：\n\n　　今天开会。\n \t\n散会\n"
    assert texts(extract) == ["同志们：", "　　今天开会。", "散会"]
    assert extract.format == "txt"


def test_lines_cut_to_a_width_are_joined_to_paragraphs() -> None:
    text = "\n".join(wrapped(paragraph, 38) for paragraph in PARAGRAPHS)

    extract = plain.read(text.encode("gbk"), "")

    assert extract.text == text
    assert [block.replace("\n", "") for block in texts(extract)] == list(PARAGRAPHS)


def test_indented_paragraphs_cut_to_a_width_are_kept_apart() -> None:
    text = "\n".join(wrapped("　　" + paragraph, 30) for paragraph in PARAGRAPHS * 2)

    joined = [block.replace("\n", "") for block in texts(plain.read(text.encode(), ""))]

    assert "".join(joined) == "".join("　　" + paragraph for paragraph in PARAGRAPHS * 2)
    assert all(block.startswith("　　") or before.endswith("。") for before, block in itertools.pairwise(joined))


def test_ordinary_paragraphs_are_not_joined() -> None:
    assert texts(plain.read("\n".join(PARAGRAPHS * 3).encode(), "")) == list(PARAGRAPHS * 3)


def test_list_of_names_of_one_length_is_not_joined() -> None:
    names = [f"云岭市青禾县第{number}中心小学" for number in "一二三四五六七八九十"]

    assert texts(plain.read("\n".join(names).encode(), "")) == names


def test_long_items_of_one_length_without_sentences_are_not_joined() -> None:
    items = [
        f"{number}号文件关于做好全县中小学校园安全隐患排查整改工作台账建立和报送的通知" for number in range(10, 30)
    ]

    assert texts(plain.read("\n".join(items).encode(), "")) == items


def test_item_after_a_full_line_begins_its_own_block() -> None:
    text = "\n".join(
        [*(wrapped(paragraph, 38) for paragraph in PARAGRAPHS), "（一）加强领导" + "各" * 31, "2.落实责任。"]
    )

    assert texts(plain.read(text.encode(), ""))[-1] == "2.落实责任。"


def test_losses_are_told() -> None:
    assert plain.read("各\ufffd校".encode(), "").warnings[0].en.startswith("1 characters")


def test_more_characters_than_a_document_has_are_refused() -> None:
    with pytest.raises(TooLargeError):
        plain.read(b"a" * (MAX_CHARACTERS + 1), "")


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("各学校要排查。，一、1.（ 　\t\n\n-#|*>"), max_size=300))
def test_blocks_are_in_order_and_hold_every_visible_character(text: str) -> None:
    extract = plain.read(text.encode(), "")

    spans = [(block.start, block.end) for block in extract.blocks]
    assert spans == sorted(spans)
    assert "".join("".join(texts(extract)).split()) == "".join(text.split())


def test_markdown_blocks_leave_out_what_marks_up() -> None:
    text = (
        "# 一、总体要求 #\n\n总则\n====\n\n> **各学校要排查。**\n- [ ] 报送**台账**\n  * 二级\n1. 编号保留\n---\n"
        "<!-- 批注 -->\n```\n# 原样\n```\n##### \n"
    )

    extract = markdown.read(text.encode(), "a.md")

    assert extract.text == text
    assert texts(extract) == ["一、总体要求", "总则", "各学校要排查。", "报送**台账**", "二级", "1. 编号保留", "# 原样"]
    assert [block.level for block in extract.blocks] == [1, 1, None, None, None, None, None]


def test_markdown_table_has_a_place_for_every_cell() -> None:
    text = "表一\n\n| 任务 | 责任单位 |\n|:--|--:|\n| 排查 \\| 整改 | 教育股 |\n| | 安全股 |\n\n末段"

    extract = markdown.read(text.encode(), "a.md")

    cells = {(b.place.row, b.place.column): extract.text[b.start : b.end] for b in extract.blocks if b.place}
    assert cells == {(0, 0): "任务", (0, 1): "责任单位", (1, 0): "排查 \\| 整改", (1, 1): "教育股", (2, 1): "安全股"}
    assert [block.role for block in extract.blocks].count(Role.CELL) == 5
    assert texts(extract)[-1] == "末段"


def test_second_markdown_table_is_counted_on() -> None:
    extract = markdown.read(b"a|b\n-|-\n\nc|d\n-|-\n", "a.md")

    assert [block.place for block in extract.blocks] == [Place(0, 0, 0), Place(0, 0, 1), Place(1, 0, 0), Place(1, 0, 1)]


@pytest.mark.parametrize("text", ["甲|乙\n没有横线", "甲|乙\n---", "甲\n|---|---|"])
def test_bars_without_a_line_of_as_many_dashes_are_no_table(text: str) -> None:
    assert all(block.place is None for block in markdown.read(text.encode(), "a.md").blocks)


def test_markdown_settings_become_properties_and_no_block() -> None:
    extract = markdown.read('---\ntitle: "工作要点"\ndate: 2024-03-01\ntags: x\n---\n正文'.encode(), "a.md")

    assert extract.properties == {"title": "工作要点", "created": "2024-03-01"}
    assert texts(extract) == ["正文"]


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("各学校。1.（ \t\n\n-#|*>=`_\\<!"), max_size=200))
def test_markdown_blocks_are_in_order_whatever_the_signs(text: str) -> None:
    extract = markdown.read(text.encode(), "a.md")

    ends = [place for block in extract.blocks for place in (block.start, block.end)]
    assert ends == sorted(ends)
    assert all(piece.strip() for piece in texts(extract))
