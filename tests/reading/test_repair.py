# ruff: noqa: RUF001 — full-width digits are what is tested

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luoshi.reading.repair import View, repair

PIECES = [
    "青禾县教育局", "各学校要在6月底前", "（2026年3月5日）", "(一)", "云教〔2026〕12号", "云教[2026]12号", " ", "\u3000\u3000", "\n", ",", "，", ":", "1,200",
    "12:30", "２０２６", "５％", "?", "&nbsp;", "&amp;nbsp;", "\u200b", "\ufeff", "\xa0", "\ufffd", "\ue001", "锟斤拷", "局（jú）", "發(fā)", "(km)", "(A)",
    "關於開展校園安全檢查的通知，請認真貫徹執行。", "二○二六年", "⼯作", "同 志 们", "5 月24 日", "\t", "(", ")", "（", "abc", "。", "“", "”", "；", "X", "\u2028",
]  # fmt: skip
texts = st.one_of(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), st.text(max_size=60))


def mended(text: str) -> str:
    return repair(text)[0].text


def counts(text: str) -> dict[str, int]:
    return {found.name: found.count for found in repair(text)[1]}


# --- the view ------------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(texts, st.data())
def test_every_clean_span_has_a_valid_original_span(text: str, data: st.DataObject) -> None:
    view, _ = repair(text)
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))
    left, right = view.original(start, end)
    assert 0 <= left <= right <= len(text)
    assert (left < right) == (start < end)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_clean_characters_stand_in_the_order_of_the_original(text: str) -> None:
    view, _ = repair(text)
    spans = [view.original(i, i + 1) for i in range(len(view.text))]
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(spans))
    assert all(view.text[i] == "\n" for i, (a, b) in enumerate(spans) if text[a:b] == "\n")


@settings(max_examples=200, deadline=None)
@given(texts)
def test_line_ends_are_kept_one_for_one(text: str) -> None:
    view, _ = repair(text)
    mapped = [view.original(i, i + 1) for i, character in enumerate(view.text) if character == "\n"]
    assert [start for start, _ in mapped if text[start] == "\n"] == [i for i, c in enumerate(text) if c == "\n"]


@settings(max_examples=200, deadline=None)
@given(texts)
def test_repairing_a_repaired_text_changes_nothing(text: str) -> None:
    once = mended(text)
    assert mended(once) == once


@settings(max_examples=200, deadline=None)
@given(texts, st.integers(0, 200))
def test_clean_gives_the_first_character_at_or_after_a_place(text: str, position: int) -> None:
    view, _ = repair(text)
    clean = view.clean(min(position, len(text)))
    assert all(view.original(i, i + 1)[0] < min(position, len(text)) for i in range(clean))
    assert clean == len(view.text) or view.original(clean, clean + 1)[0] >= min(position, len(text))


def test_a_span_covers_what_was_removed_inside_and_not_at_its_edges() -> None:
    text = "。5 月 24 日 前"
    view, _ = repair(text)
    assert view.text == "。5月24日前"
    assert view.original(1, 6) == (1, 9)
    assert view.original(2, 3) == (3, 4)


def test_a_replaced_code_maps_to_the_whole_code() -> None:
    view, _ = repair("甲&lt;乙")
    assert view.text == "甲<乙"
    assert view.original(1, 2) == (1, 5)
    assert (view.clean(0), view.clean(1), view.clean(3), view.clean(5), view.clean(6)) == (0, 1, 2, 2, 3)


def test_an_empty_span_stays_empty() -> None:
    view, _ = repair("局（jú）长")
    assert view.text == "局长"
    assert (view.original(1, 1), view.original(2, 2)) == ((5, 5), (6, 6))


@pytest.mark.parametrize("span", [(-1, 0), (2, 1), (0, 4)])
def test_a_span_outside_the_view_is_refused(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        View("三个字").original(*span)


# --- clean text stays ----------------------------------------------------------------------------------------------

CLEAN = [
    "各学校要在6月底前完成自查，报县教育局基础教育科。",
    "（一）压实责任。校长是第一责任人；班子成员分片包干。",
    "出动车辆1,200台次，每天8:30到岗，合格率达到98.5%。",
    "二〇二六年三月五日",
    "云教〔2026〕12号",
    "青禾县人民政府县长 王凯",
    "\u3000\u3000一、总体要求",
    "使用AI辅助备课（以下简称“AI备课”），推进“1+3”行动。",
    "土著居民的著作和编著的显著成果",
    "Keep (this) sentence, please: it is fine; is it? Yes!",
    "责任单位\t完成时限\n县教育局\t6月底前",
]


@pytest.mark.parametrize("text", CLEAN)
def test_clean_text_is_left_alone(text: str) -> None:
    view, repairs = repair(text)
    assert (view.text, repairs) == (text, ())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(CLEAN), max_size=6).map("\n".join))
def test_clean_texts_together_are_left_alone(text: str) -> None:
    assert mended(text) == text


def test_the_converter_is_not_imported_for_simplified_text() -> None:
    code = (
        "import sys; from luoshi.reading.repair import repair; "
        "repair('各学校要认真贯彻落实,6 月底前完成。'); print('opencc' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# --- one kind after the other --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("甲&nbsp;乙，好", "甲乙，好"),
        ("甲&amp;乙", "甲&乙"),
        ("甲&amp;amp;乙", "甲&乙"),
        ("《通知》&#160;第一", "《通知》第一"),
        ("&ldquo;双减&rdquo;", "“双减”"),
        ("R&D和A&B;", "R&D和A&B;"),
        ("AT&T公司", "AT&T公司"),
        ("第一行&#10;A", "第一行 A"),
    ],
)
def test_web_codes(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("教育局（jú）", "教育局"),
        ("蕺（jí）山", "蕺山"),
        ("龟兹（qiū cí）乐舞", "龟兹乐舞"),
        ("学校(xiào)和教师(shī)的发(fā)展，我们(men)要", "学校和教师的发展，我们要"),
        ("我们(men)要", "我们（men）要"),
        (
            "学校(xiào)教师(shī)发(fā)展(xx)和(km)及(PPT)与(a)同(A)并(AI)",
            "学校教师发展（xx）和（km）及（PPT）与（a）同（A）并（AI）",
        ),
        ("王（某）和李(xx)", "王（某）和李（xx）"),
        ("abc(fā)", "abc(fā)"),
        ("北京(Běijīng)", "北京"),
        ("咖啡（café bar）", "咖啡（café bar）"),
    ],
)
def test_pinyin(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("關於做好2026年春季開學工作的通知", "关于做好2026年春季开学工作的通知"),
        ("著力提升質量，編著教材，顯著改善，土著和專著", "着力提升质量，编著教材，显著改善，土著和专著"),
        ("發(fā)展教育事業(yè)，關(guān)心學(xué)生", "发展教育事业，关心学生"),
        ("執行新增項目，開啟徵集，沒有什么問題", "执行新增项目，开启征集，没有什么问题"),
    ],
)
def test_traditional_text_becomes_simplified(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "各学校要学习陳老师的经验，认真总结推广，切实提高课堂教学质量，确保年底前取得实效，让家长放心、让社会满意，办好人民满意的教育。",
        "乾隆年间的书院，后人多有著述。",
        "只干一件事，征求意见后复核。",
    ],
)
def test_a_stray_traditional_character_is_left_alone(text: str) -> None:
    assert mended(text) == text


def test_a_traditional_passage_in_a_simplified_text_is_mended_alone() -> None:
    simplified = "各学校要认真贯彻落实会议精神，切实抓好校园安全。" * 20
    traditional = "關於開展校園安全檢查的通知，請各單位認真貫徹執行，確保師生平安。"
    stray = "陳老师"
    wanted = f"{simplified}\n关于开展校园安全检查的通知，请各单位认真贯彻执行，确保师生平安。\n{stray}"
    assert mended(f"{simplified}\n{traditional}\n{stray}") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("２０２６年达到９８．５％", "2026年达到98.5%"),
        ("投入１，２００万元", "投入1,200万元"),
        ("１．加强管理", "1.加强管理"),
        ("ＡＰＰ和Ｘ局", "APP和X局"),
        ("上午8：30开会", "上午8:30开会"),
        ("会议要求：30日前上报", "会议要求：30日前上报"),
        ("落实｡｢双减｣", "落实。「双减」"),
    ],
)
def test_full_width_forms(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("同志们,大家好:今天;明天!", "同志们，大家好：今天；明天！"),
        ("达到95%,比去年高", "达到95%，比去年高"),
        ("完成1,200个,其中新建3,400个", "完成1,200个，其中新建3,400个"),
        ("时间:2026-03-05 17:50", "时间：2026-03-05 17:50"),
        ("各县(市、区)教育局", "各县（市、区）教育局"),
        ("(一)加强领导", "（一）加强领导"),
        ("责任单位（县教育局)", "责任单位（县教育局）"),
        ("f(x), g(y)", "f(x), g(y)"),
        ("网址www.example.cn/a?b=1;c", "网址www.example.cn/a?b=1;c"),
        ("“双减”,落实", "“双减”，落实"),
        ("为什么要检查?因为安全", "为什么要检查？因为安全"),
    ],
)
def test_half_width_marks(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("5 月24 日，召开会议", "5月24日，召开会议"),
        ("2017 年 12 月 25 日", "2017年12月25日"),
        ("〔2017〕11  号", "〔2017〕11号"),
        ("同 志 们", "同志们"),
        ("目    录", "目录"),
        ("2 0 2 6 年 3 月 5 日", "2026年3月5日"),
        ("达到 95% 以上", "达到95%以上"),
        ("新建 3 所", "新建3所"),
        ("王凯 2026年3月5日", "王凯 2026年3月5日"),
        ("表 1 学校名单", "表 1 学校名单"),
        ("进一步加 强管理，落实责任", "进一步加强管理，落实责任"),
        ("我校， 全体教师", "我校，全体教师"),
        ("一、 总体要求", "一、总体要求"),
        ("1.\t加强领导", "1.加强领导"),
        ("1. 2026年完成", "1. 2026年完成"),
        ("1 总体要求", "1 总体要求"),
        ("王 凯  李 明", "王凯 李明"),
        ("省长 王凯", "省长 王凯"),
        ("青禾县教育局          2026 年3 月5 日", "青禾县教育局 2026年3月5日"),
        ("落实责任，由县教育局 县财政局办理", "落实责任，由县教育局 县财政局办理"),
        ("责任人：王凯 李明，分管", "责任人：王凯 李明，分管"),
        ("县教育局\t县财政局", "县教育局\t县财政局"),
        ("1\t无\t无", "1\t无\t无"),
        ("通过 OA 上报", "通过 OA 上报"),
        ("省\xa0长\u3000王凯来，了", "省长王凯来，了"),
    ],
)
def test_spaces(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("二○二六年三月", "二〇二六年三月"),
        ("二O二六年", "二〇二六年"),
        ("二〇二六年", "二〇二六年"),
        ("○○县", "○○县"),
        ("一〇一中学", "一〇一中学"),
        ("云教[2026]12号", "云教〔2026〕12号"),
        ("云教（2026）第12号", "云教〔2026〕第12号"),
        ("云教【2026】 12 号", "云教〔2026〕12号"),
        ("方案（2026）的12号楼", "方案（2026）的12号楼"),
    ],
)
def test_years_and_document_numbers(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("校\u200b园\ufeff安\xad全", "校园安全"),
        ("⼯作⽅案", "工作方案"),
        ("甲\u2028乙\x0c丙", "甲\n乙\n丙"),
    ],
)
def test_invisible_and_lookalike_characters(text: str, wanted: str) -> None:
    assert mended(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted", "count"),
    [
        ("校园\ufffd全", "校园\ufffd全", 1),
        ("校园\ue123全", "校园\ufffd全", 1),
        ("通知锟斤拷锟斤拷内容", "通知\ufffd\ufffd内容", 2),
        ("加强校?安全管理", "加强校\ufffd安全管理", 1),
        ("\uf0b7 加强管理", "加强管理", 0),
        ("怎么办?大家想办法", "怎么办？大家想办法", 0),
        ("行不行?大家说", "行不行？大家说", 0),
    ],
)
def test_lost_characters_stay_visible_and_are_counted(text: str, wanted: str, count: int) -> None:
    assert (mended(text), counts(text).get("lost characters", 0)) == (wanted, count)


def test_every_repair_is_named_and_counted() -> None:
    assert counts("同 志 们,大家好,５％") == {
        "full-width letters and digits": 2,
        "half-width punctuation": 2,
        "stray spaces": 2,
    }


@pytest.mark.parametrize("text", ["", "\n\n", " ", "\t"])
def test_a_text_without_letters_is_left_alone(text: str) -> None:
    assert repair(text)[0].text == text


@pytest.mark.parametrize("unit", ["( ", "甲 ", "&amp;", "5 月", "（jú", "?甲", "：甲 乙", "\u200b"])
def test_hostile_repetition_is_mended_in_bounded_time(unit: str) -> None:
    assert len(mended(unit * 20_000)) <= len(unit) * 20_000
