"""What must hold of every document, whatever stands in it."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from luoshi.drafting import draft
from luoshi.drafting.contract import schema, to_json
from luoshi.drafting.explain import explain
from luoshi.drafting.plan import Plan
from luoshi.reading import Document, ReadError, read

DAY = dt.date(2026, 3, 5)
FRAGMENTS = (
    "青禾县教育局关于做好2026年校园安全工作的通知",
    "在全县教育工作会议上的讲话",
    "（2026年2月27日）",
    "同志们：",
    "一、2025年工作回顾",
    "二、存在的主要问题",
    "三、2026年工作安排",
    "（一）守牢安全底线",
    "1.查校舍。",
    "①查校车",
    "一是建立台账；二是及时整改。",
    "——抓好落实。",
    "各学校要在6月底前完成校舍排查，整改率达到98.5%以上。",
    "县教育局牵头，县公安局配合，每月开展一次检查。",
    "去年新建幼儿园3所。",
    "部分学校进展缓慢。",
    "教育是最大的民生。",
    "（责任单位：安全办；配合单位：各学校；完成时限：2026年6月底前）",
    "（安全办牵头，各学校配合，9月底前完成）",
    "责任单位：基础教育股",
    "各學校要加強領導，抓緊完成校舍隱患排查。",
    "落(luò)实(shí)责任",
    "各 学 校 要 报 告。",
    "&nbsp;报送&amp;备案",
    "上一篇",
    "打印本页",
    "下面是小编为大家整理的讲话稿",
    "相关阅读",
    "\u00a0",
    "\u200b",
    "\ufeff",
    "\u3000",
    "\U0001f600",
    "\U00020bb7野家",
    "\ufffd",
    '他说"好。"',
    "。！？；",
    "（（（",
    "））",
    "1234567890",
    "责任",
    "的" * 3000,
    "，。" * 400,
    "\t",
    "\r\n",
    "\r",
    "\x0b",
    "\u2028",
)
texts = st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from(["", "\n", "\n\n", " "])), max_size=25).map(
    lambda parts: "".join(text + gap for text, gap in parts)
)
modest = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _read(text: str) -> Document | None:
    try:
        return read(text.encode(), "文件.txt")
    except ReadError:
        return None


def _spans(plan: Plan) -> Iterator[tuple[str, int, int]]:
    """Yield everything that claims to stand in the text; an implied owner only claims where its reason stands."""
    for task in plan.tasks:
        yield task.text, task.start, task.end
        yield from ((one.text, one.start, one.end) for one in task.support)
        yield from ((one.text, one.start, one.end) for one in task.deadlines)
        yield from ((one.text, one.start, one.end) for one in task.cadence)
        yield from ((one.text, one.start, one.end) for one in task.targets)
        yield from ((owner.text, owner.start, owner.end) for owner in task.owners if not owner.implied)


@modest
@given(texts)
def test_every_field_stands_where_it_says(text: str) -> None:
    if (document := _read(text)) is None:
        return
    plan = draft(document, DAY)

    for words, start, end in _spans(plan):
        assert 0 <= start < end <= len(document.text)
        assert document.text[start:end] == words
    for task in plan.tasks:
        first, last = document.sentences[task.sentences[0]], document.sentences[task.sentences[-1]]
        assert (task.start, task.end) == (first.start, last.end)


@modest
@given(texts)
def test_sentences_are_in_order_and_leave_nothing_visible_out(text: str) -> None:
    if (document := _read(text)) is None:
        return
    covered = bytearray(len(document.text))
    reached = 0
    for sentence in document.sentences:
        assert reached <= sentence.start < sentence.end <= len(document.text)
        covered[sentence.start : sentence.end] = b"\1" * (sentence.end - sentence.start)
        reached = sentence.end
    view = document.view
    for block in document.blocks:
        for place in range(view.clean(block.start), view.clean(block.end)):
            start, end = view.original(place, place + 1)
            assert view.text[place].isspace() or all(covered[start:end])


@modest
@given(texts)
def test_speeches_and_paths_hold_together(text: str) -> None:
    if (document := _read(text)) is None:
        return
    ids = [speech.id for speech in document.speeches]
    assert ids == list(range(1, len(ids) + 1))
    for before, after in zip(document.speeches, document.speeches[1:], strict=False):
        assert 0 <= before.start <= before.end <= after.start <= after.end <= len(document.text)
    for index, sentence in enumerate(document.sentences):
        speech = document.speeches[sentence.speech - 1]
        assert speech.start <= sentence.start < sentence.end <= speech.end
        assert all(item < index and document.sentences[item].speech == sentence.speech for item in sentence.path)
        assert sentence.clean.startswith(sentence.marker)


@modest
@given(texts)
def test_rows_are_in_order_and_share_no_sentence(text: str) -> None:
    if (document := _read(text)) is None:
        return
    plan = draft(document, DAY)
    members = [index for task in plan.tasks for index in task.sentences]

    assert [task.id for task in plan.tasks] == list(range(1, len(plan.tasks) + 1))
    assert members == sorted(set(members))
    assert {labelled.sentence for labelled in plan.labels if labelled.task} == set(members)
    assert [labelled.sentence for labelled in plan.labels] == list(range(len(document.sentences)))
    for task in plan.tasks:
        assert {document.sentences[index].speech for index in task.sentences} == {task.speech}
        assert 0 <= task.confidence <= 1
        assert task.title
    assert all(0 <= labelled.confidence <= 1 and labelled.why for labelled in plan.labels)


@modest
@given(texts)
def test_plan_is_the_same_every_time_and_fits_its_schema(text: str) -> None:
    if (document := _read(text)) is None:
        return
    plan = draft(document, DAY)
    made = to_json(plan)

    assert made == to_json(draft(document, DAY))
    assert list(Draft202012Validator(schema()).iter_errors(made)) == []
    for task in plan.tasks:
        assert len(explain(plan, task.id, "zh")) == len(explain(plan, task.id, "en"))


@modest
@given(
    st.lists(
        st.sampled_from(["3月底前", "6月底前", "年底前", "上半年", "5月15日前", "三季度", "明年", "2027年底前"]),
        min_size=1,
        max_size=4,
    )
)
def test_work_is_never_due_before_the_year_of_the_document(times: list[str]) -> None:
    text = "三、2026年工作安排\n" + "".join(f"各学校要在{time}完成校舍排查并报告。\n" for time in times)

    for task in draft(read(text.encode(), "方案.txt"), DAY).tasks:
        assert all(deadline.due is None or deadline.due >= DAY for deadline in task.deadlines)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | texts.map(str.encode) | texts.map(lambda text: text.encode("gb18030", "replace")))
def test_any_bytes_give_a_plan_or_a_read_error(data: bytes) -> None:
    try:
        document = read(data, "文件")
    except ReadError:
        return

    assert draft(document).document is document


@pytest.mark.parametrize(
    "text",
    [
        "抓。" * 3_000,
        '好。"' * 2_000,
        "（责任；" * 1_500,
        "（责任单位：安全办）" * 600,
        "教育工作安全管理落实推进" * 3_000,
        "各学校、" * 12_000,
        "一、（一）1.①" * 2_000,
    ],
    ids=lambda text: text[:10],
)
def test_time_of_drafting_grows_with_the_text(text: str) -> None:
    begun = time.process_time()

    draft(read(text.encode(), "长.txt"), DAY)

    assert time.process_time() - begun < 8
