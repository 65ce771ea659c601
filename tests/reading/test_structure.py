from __future__ import annotations

import pytest

from luoshi.reading import Document, Extract, Noise, Part, Role, Sentence, read
from luoshi.reading.extract import Builder, Cell
from luoshi.reading.structure import build
from reading.office_files import docx, p

SPEECH = """在全县教育工作会议上的讲话
（2026年2月27日）
同志们：
今天的会议很重要。
一、2025年工作回顾
新建幼儿园3所。
（一）安全工作
排查隐患120处。
二、存在的问题
部分学校进展缓慢。
三、2026年工作安排
（一）守牢安全底线
1.完成校舍排查。各学校要建立台账。
2.规范校车管理。
（二）提升教学质量
一是制定方案。二是培训教师。
"""


def _read(text: str, name: str = "讲话.txt") -> Document:
    return read(text.encode(), name)


def _find(document: Document, words: str) -> Sentence:
    return next(sentence for sentence in document.sentences if words in sentence.clean)


def _above(document: Document, words: str) -> list[str]:
    return [document.sentences[index].clean for index in _find(document, words).path]


def _built(builder: Builder) -> Document:
    return build(builder.done(), name="", sha256="")


def test_sentences_cover_the_text_in_order() -> None:
    document = _read(SPEECH)

    assert "".join(document.quote(one.start, one.end) for one in document.sentences) == SPEECH.replace("\n", "")
    assert [one.start for one in document.sentences] == sorted(one.start for one in document.sentences)


def test_items_above_a_sentence_are_its_path() -> None:
    document = _read(SPEECH)

    assert _above(document, "建立台账") == ["三、2026年工作安排", "（一）守牢安全底线", "1.完成校舍排查。"]
    assert _above(document, "规范校车") == ["三、2026年工作安排", "（一）守牢安全底线"]
    assert _above(document, "培训教师") == ["三、2026年工作安排", "（二）提升教学质量"]
    assert _above(document, "新建幼儿园") == ["一、2025年工作回顾"]


@pytest.mark.parametrize("words", ["在全县教育工作会议", "今天的会议", "一、2025年", "三、2026年"])
def test_opening_and_top_items_have_nothing_above(words: str) -> None:
    assert _above(_read(SPEECH), words) == []


def test_item_knows_its_level_and_running_text_has_none() -> None:
    document = _read(SPEECH)

    assert [_find(document, words).level for words in ("三、2026", "（一）守牢", "1.完成", "一是")] == [1, 2, 3, 3]
    assert [_find(document, words).level for words in ("今天的会议", "建立台账", "部分学校")] == [None, None, None]


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("今天的会议", Part.OPENING),
        ("新建幼儿园", Part.REVIEW),
        ("排查隐患120处", Part.REVIEW),
        ("部分学校进展缓慢", Part.PROBLEMS),
        ("建立台账", Part.PLAN),
        ("培训教师", Part.PLAN),
    ],
)
def test_part_is_told_by_the_headings_above(words: str, part: Part) -> None:
    assert _find(_read(SPEECH), words).part is part


@pytest.mark.parametrize(("day", "part"), [("2026年2月27日", Part.REVIEW), ("2025年2月27日", Part.PLAN)])
def test_year_in_a_heading_looks_back_or_ahead_by_the_year_of_the_document(day: str, part: Part) -> None:
    document = _read(f"在全县教育工作会议上的讲话\n（{day}）\n一、2025年工作\n新建幼儿园3所。\n")

    assert _find(document, "新建幼儿园").part is part


def test_text_without_headings_stands_in_the_opening() -> None:
    assert {one.part for one in _read("各学校要完成排查。\n县教育局督查。\n").sentences} == {Part.OPENING}


def test_arabic_items_may_stand_above_bracketed_ones() -> None:
    document = _read("1.安全工作\n（一）查校舍。\n（二）查校车。\n2.教学工作\n（一）办培训。\n各学校参加。\n")

    assert _above(document, "查校车") == ["1.安全工作"]
    assert _above(document, "各学校参加") == ["2.教学工作", "（一）办培训。"]


def test_each_speech_of_a_bundle_has_its_own_order() -> None:
    long = "我们要认真抓好全县学校的各项工作，办好人民满意的教育。" * 12
    document = _read(
        f"第一篇：在全县教育工作会议上的讲话\n同志们：\n{long}\n一、教学\n（一）办培训。\n1.各校参加。\n谢谢大家！\n"
        f"第二篇：在全县安全工作会议上的讲话\n同志们：\n{long}\n1.校舍\n（一）查危房。\n（二）建台账。\n2.校车\n（一）查车辆。\n谢谢大家！\n"
    )

    assert len(document.speeches) == 2
    assert _above(document, "各校参加")[-2:] == ["一、教学", "（一）办培训。"]
    assert _above(document, "查车辆")[-1:] == ["2.校车"]
    assert {document.sentences[i].speech for i in _find(document, "查车辆").path} == {2}


def test_run_in_headings_open_items() -> None:
    long = "各学校要摸清底数，逐一建立台账，按月报告进展情况，年底前全部完成。"
    document = _read(f"一、工作安排\n加快学校建设。{long}\n办好小规模学校。{long}\n")

    assert [one.level for one in document.sentences] == [1, 2, None, 2, None]


def test_single_short_sentence_opens_no_item() -> None:
    long = "各学校要摸清底数，逐一建立台账，按月报告进展情况，年底前全部完成。"

    assert [one.level for one in _read(f"一、工作安排\n加快学校建设。{long}\n").sentences] == [1, None, None]


def test_declared_headings_stand_above_markers_of_the_same_number() -> None:
    builder = Builder("docx")
    for text, level in (
        ("工作安排", 1),
        ("1.查校舍。", None),
        ("各学校报告。", None),
        ("保障措施", 1),
        ("加强督导", 2),
        ("一、每月通报。", None),
        ("督导室负责。", None),
    ):
        builder.add(text, level=level)
    document = _built(builder)

    assert _above(document, "各学校报告") == ["工作安排", "1.查校舍。"]
    assert _above(document, "保障措施") == []
    assert _above(document, "加强督导") == ["保障措施"]
    assert _find(document, "保障措施").level == 1


def test_declared_heading_with_a_marker_goes_by_its_marker() -> None:
    data = docx(
        p("一、工作安排", style="Heading1")
        + p("（一）安全", style="Heading2")
        + p("1.查校舍。")
        + p("二、保障措施", style="Heading1")
    )
    document = read(data, "方案.docx")

    assert _above(document, "查校舍") == ["一、工作安排", "（一）安全"]
    assert _above(document, "保障措施") == []


def test_headings_of_a_web_page_make_the_outline() -> None:
    page = "<body><h2>工作回顾</h2><p>新建幼儿园。</p><h2>工作安排</h2><h3>安全</h3><p>1.查校舍。</p><p>各校报告。</p></body>"
    document = read(page.encode(), "讲话.html")

    assert _find(document, "新建幼儿园").part is Part.REVIEW
    assert _above(document, "各校报告") == ["工作安排", "安全", "1.查校舍。"]


def test_numbers_that_count_on_over_declared_headings_stand_above_them() -> None:
    builder = Builder("docx")
    for text, level in (
        ("一、查校舍", None),
        ("逐栋排查", 2),
        ("各校报告。", None),
        ("二、查校车", None),
        ("逐车登记。", None),
    ):
        builder.add(text, level=level)
    document = _built(builder)

    assert _above(document, "各校报告") == ["一、查校舍", "逐栋排查"]
    assert _above(document, "逐车登记") == ["二、查校车"]


def test_declared_title_is_no_item_and_names_no_part() -> None:
    page = "<h1>在全县教育工作总结会上的讲话</h1><p>2026年2月27日</p><p>同志们：</p><p>一、2025年工作</p><p>新建幼儿园。</p><p>二、2026年工作</p><p>查校舍。</p>"
    document = read(page.encode(), "讲话.html")

    assert _above(document, "查校舍") == ["二、2026年工作"]
    assert [_find(document, words).part for words in ("同志们", "新建", "查校舍")] == [
        Part.OPENING,
        Part.REVIEW,
        Part.PLAN,
    ]


def test_declared_heading_that_shares_words_with_the_title_stays_an_item() -> None:
    page = "<h1>青禾县2026年校园安全工作要点</h1><h2>总体要求</h2><p>守底线。</p><h2>校园安全</h2><p>查校舍。</p>"

    assert _above(read(page.encode(), "要点.html"), "查校舍") == ["校园安全"]


def test_line_break_inside_a_declared_heading_does_not_cut_it() -> None:
    document = read("<h1>关于校园安全<br>检查的通知</h1><p>各学校：</p>".encode(), "通知.html")

    assert [one.clean for one in document.sentences] == ["关于校园安全检查的通知", "各学校："]


def test_line_break_inside_a_word_paragraph_ends_a_sentence() -> None:
    builder = Builder("docx")
    builder.add("查校舍\n查校车")

    assert [one.clean for one in _built(builder).sentences] == ["查校舍", "查校车"]


def test_wrapped_lines_of_a_text_file_are_one_sentence_without_breaks() -> None:
    line = "各学校要认真落实安全责任逐栋排查校舍逐车检查校车逐人培训保安逐项整改隐患并报县教育局\n"
    document = _read(line * 6 + "备案。\n")

    assert len(document.sentences) == 1
    assert "\n" not in document.sentences[0].clean
    assert document.quote(document.sentences[0].start, document.sentences[0].end) == line * 6 + "备案。"


def test_cells_open_no_items() -> None:
    builder = Builder("docx")
    builder.add("一、任务表")
    builder.table([[Cell("一、查校舍。再查校车。", 0), Cell("安全办", 1)]])
    document = _built(builder)

    assert [one.level for one in document.sentences] == [1, None, None, None]
    assert _above(document, "再查校车") == ["一、任务表"]


def test_document_of_nothing_but_a_table_has_its_cells_as_sentences() -> None:
    builder = Builder("xlsx")
    builder.table([[Cell("任务", 0), Cell("单位", 1)], [Cell("查校舍\n并报告", 0), Cell("", 1)]])

    assert [one.clean for one in _built(builder).sentences] == ["任务", "单位", "查校舍", "并报告"]


@pytest.mark.parametrize("role", [Role.HEADER, Role.FOOTER, Role.FOOTNOTE])
def test_what_stands_beside_the_text_is_under_no_heading(role: Role) -> None:
    builder = Builder("docx")
    builder.add("一、工作安排")
    builder.add("一、见附表。", role=role)
    last = _built(builder).sentences[-1]

    assert (last.level, last.path, last.part) == (None, (), Part.NONE)


def test_header_is_noise_and_text_is_not() -> None:
    builder = Builder("docx")
    builder.add("查校舍。")
    builder.add("青禾县教育局文件", role=Role.HEADER)

    assert [one.noise for one in _built(builder).sentences] == [None, Noise.STRAY]


def test_document_of_nothing_but_noise_keeps_its_sentences_as_noise() -> None:
    document = _read("首页\n打印本页\n关闭窗口\n")

    assert {one.noise for one in document.sentences} == {Noise.NAVIGATION}


def test_extract_without_blocks_gives_a_document_without_sentences() -> None:
    document = build(Extract("", "txt", ()), name="", sha256="")

    assert (document.sentences, document.text) == ((), "")


def test_repaired_sentence_quotes_the_original() -> None:
    original = ["各學校要加強領導，抓緊完成校舍隱患排查。", "縣教育局負責督查，發現問題嚴肅處理。"]
    document = _read("&nbsp;".join(original) + "\n")

    assert [one.clean for one in document.sentences] == [
        "各学校要加强领导，抓紧完成校舍隐患排查。",
        "县教育局负责督查，发现问题严肃处理。",
    ]
    assert [document.quote(one.start, one.end) for one in document.sentences] == original


def test_two_thousand_items_nest_no_deeper_than_their_kinds() -> None:
    lines = [f"{marker}抓好工作" for marker in ("一、", "（一）", "1.", "（1）", "①", "第一，", "一是", "——")]
    document = _read("\n".join(lines * 250) + "\n")

    assert len(document.sentences) == 2000
    assert max(len(one.path) for one in document.sentences) == len(lines) - 1
