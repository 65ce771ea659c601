"""Finding matters; the same tests run on both databases, and so their answers are the same in the same order."""

from __future__ import annotations

import io
import random
import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from cast import Cast
from luoshi.org.enums import Side
from luoshi.org.policy import SYSTEM_ACTOR, Actor
from luoshi.work import search
from luoshi.work.actions import perform
from luoshi.work.enums import Act
from luoshi.work.evidence import store
from luoshi.work.models import Involvement, Matter, RegisterVersion
from luoshi.work.search import candidates, finding
from luoshi.work.search.folding import folded
from luoshi.work.search.question import question_of
from work.matters import Maker, store_registers

Put = Callable[..., Matter]


@pytest.fixture
def put(cast: Cast) -> Put:
    """Return a function that puts matters into the database and the index without the pains of opening them."""
    store_registers()
    versions = {row.code: row for row in RegisterVersion.objects.all()}

    def one(
        title: str, requirement: str = "", *, lead: str = "HS-1", register: str = "errand", **more: object
    ) -> Matter:
        made = Matter.objects.create(
            origin=uuid.uuid4(),
            register=register,
            register_version=versions[register],
            confidential=register == "secret",
            number=str(more.pop("number", "")) or f"试〔2026〕{Matter.objects.count() + 1}号",
            title=title,
            requirement=requirement,
            lead=cast.units[lead],
            opened_at=timezone.now(),
            **more,
        )
        Involvement.objects.create(matter=made, unit=cast.units[lead], side=Side.LEAD)
        search.index(made)
        return made

    return one


def wide(text: str) -> str:
    """Return letters and digits in full width."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


def titles(text: str, actor: Actor = SYSTEM_ACTOR, **more: object) -> list[str]:
    return [matter.title for matter in search.find(text, actor=actor, **more).matters]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "食堂",
        "堂",
        "食",
        "治",
        "食堂食品安全",
        "学校 整治",
        "整治，学校",
        "　学校　",
        "學校食堂",
        "〔2026〕12号",
        "[2026]12号",
        "2026 12",
        "云教〔" + wide("2026") + "〕" + wide("012") + "号",
        "台账",
        "Excel",
        "excel",
        "exc",
        wide("EXCEL"),
        "98.5",
        "第3周",
        "“食堂”",
        "食-堂",
        "食堂\u200b",
    ],
)
def test_matter_is_found_by(put: Put, text: str) -> None:
    put("学校食堂食品安全整治", "按云教〔2026〕12号建立Excel台账，合格率98.5%，第三周、第3周复查")
    put("图书馆开放", "每日开放")
    assert titles(text) == ["学校食堂食品安全整治"]


@pytest.mark.parametrize(
    "text",
    ["堂品", "校学", "食堂整治", "学校 幼儿园", "202", "120号", "cel", "9", "食堂 OR 图书", "NOT 食堂", "食*", "8 50"],
)
def test_matter_is_not_found_by(put: Put, text: str) -> None:
    put("学校食堂食品安全整治", "按云教〔2026〕12号建立Excel台账，合格率98.5%")
    expected = ["学校食堂食品安全整治"] if text == "食*" else []
    assert titles(text) == expected


HOSTILE = [
    "",
    " ",
    '"',
    "'",
    '"食堂',
    "食堂' OR 1=1 --",
    "AND",
    "NEAR(食堂 学校)",
    "head:食堂",
    "食堂^2",
    "(食堂",
    "-食堂",
    "%",
    "_",
    "\\",
    "\x00食堂",
    "😀",
    "👨‍👩‍👧‍👦",
    "，。！？",
    "学" * 2000,
    " ".join("学校" for _ in range(700)),
    "&|!<->:*",
    "\ud800",
    "a" * 2000,
    "1" * 2000,
    "\u0e33\u0345İ",
    "%s %(x)s",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_question_is_an_error(put: Put, text: str) -> None:
    put("学校食堂整治")
    page = search.find(text, actor=SYSTEM_ACTOR)
    assert page.found.number == len(page.matters) <= 1


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_an_error_and_each_is_found_by_itself(put: Put, text: str) -> None:
    made = put(text.replace("\x00", "").replace("\ud800", "")[:200] or "无题")
    assert search.find(made.title, actor=SYSTEM_ACTOR).matters in ([], [made])
    assert bool(question_of(made.title)) == bool(search.find(made.title, actor=SYSTEM_ACTOR).matters)


# Order and pages.


def test_hits_in_number_or_title_come_first_and_then_the_newest(put: Put) -> None:
    put("旧的校车排查")
    put("新学期", "检查校车")
    put("新的校车排查")
    put("收尾", "校车总结")
    assert titles("校车") == ["新的校车排查", "旧的校车排查", "收尾", "新学期"]


def test_words_in_title_and_requirement_together_count_as_in_neither(put: Put) -> None:
    put("校车排查", "宿舍")
    put("校车宿舍排查")
    put("巡查", "校车、宿舍")
    assert titles("校车 宿舍") == ["校车宿舍排查", "巡查", "校车排查"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 7])
def test_pages_show_each_hit_once_in_one_order(put: Put, limit: int) -> None:
    for number in range(3):
        put(f"校车{number}")
        put(f"其他{number}", "校车")
    shown: list[str] = []
    after, pages = "", 0
    while True:
        page = search.find("校车", actor=SYSTEM_ACTOR, limit=limit, after=after)
        shown += [matter.title for matter in page.matters]
        assert page.found.number == 6
        after, pages = page.after, pages + 1
        if not after:
            break
    assert shown == ["校车2", "校车1", "校车0", "其他2", "其他1", "其他0"]
    assert pages == -(-6 // limit)


@pytest.mark.parametrize("after", ["nonsense", "head-", "tail-3", "head-1e9", "-1", "rest-99999999999999999999"])
def test_unknown_cursor_begins_at_the_first_page(put: Put, after: str) -> None:
    put("校车")
    assert titles("校车", after=after) == ["校车"]


def test_hits_are_counted_up_to_a_cap(put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_COUNTED", 3)
    for number in range(5):
        put(f"校车{number}")
    page = search.find("校车", actor=SYSTEM_ACTOR, limit=2)
    assert (page.found.number, page.found.more, str(page.found)) == (3, True, "3+")
    monkeypatch.setattr(finding, "MOST_COUNTED", 5)
    page = search.find("校车", actor=SYSTEM_ACTOR, limit=2)
    assert (page.found.number, page.found.more, str(page.found)) == (5, False, "5")


def test_shortened_question_says_so(put: Put) -> None:
    assert search.find("学" * 2000, actor=SYSTEM_ACTOR).shortened
    assert not search.find("学", actor=SYSTEM_ACTOR).shortened


# Whom it answers.


def test_search_shows_only_what_one_may_see(put: Put, cast: Cast) -> None:
    put("一小的校车", lead="HS-1")
    put("一中的校车", lead="QH-1")
    put("举报校车", lead="HS-1", register="secret")
    everybody = {name: titles("校车", cast.actor(name)) for name in cast.people}
    both = ["一中的校车", "一小的校车"]
    expected = {name: list[str]() for name in cast.people}
    for names, found in (
        ("leader supervisor second_supervisor discipline", both),
        ("centre_head school_head school_officer inspector", both[1:]),
        ("other_head other_officer observer area_leader", both[:1]),
    ):
        expected |= dict.fromkeys(names.split(), found)
    assert everybody == expected


def test_confidential_matter_is_neither_shown_nor_counted_without_a_post_for_its_register(put: Put, cast: Cast) -> None:
    put("举报信", register="secret")
    assert search.find("举报信", actor=cast.actor("supervisor")).found.number == 0
    post = cast.people["supervisor"].posts.get()
    post.registers = ["secret"]
    post.save()
    assert titles("举报信", cast.actor("supervisor")) == ["举报信"]


def test_search_is_narrowed_to_a_register_and_to_open_matters(put: Put) -> None:
    put("校车一")
    put("校车二", register="charge")
    put("校车三", state="closed", is_open=False)
    assert titles("校车", register="errand") == ["校车三", "校车一"]
    assert titles("校车", register="errand", open_only=True) == ["校车一"]
    assert titles("校车", register="none") == []


@pytest.mark.parametrize("chunks", [(1,), (2, 3)])
@pytest.mark.parametrize("few", [0, 2, 1000])
def test_person_who_sees_little_among_much_finds_the_same_by_every_way(
    put: Put, cast: Cast, monkeypatch: pytest.MonkeyPatch, chunks: tuple[int, ...], few: int
) -> None:
    monkeypatch.setattr(finding, "_CHUNKS", chunks)
    monkeypatch.setattr(finding, "_PATIENCE", 4)
    monkeypatch.setattr(finding, "_FEW", few)
    for number in range(12):
        put(f"校车{number}", lead="QH-1" if number % 5 == 0 else "HS-1")
        put(f"其他{number}", "校车", lead="QH-1" if number % 5 == 0 else "HS-1")
    page = search.find("校车", actor=cast.actor("other_head"), limit=4)
    shown = [matter.title for matter in page.matters]
    page = search.find("校车", actor=cast.actor("other_head"), limit=4, after=page.after)
    assert shown + [matter.title for matter in page.matters] == ["校车10", "校车5", "校车0", "其他10", "其他5", "其他0"]
    assert page.found.number == 6


# The index.


@pytest.mark.parametrize("window", [1, 3, 4000])
@pytest.mark.parametrize("many", [0, 2, 100])
@pytest.mark.parametrize("where", list(candidates.Where))
def test_every_way_through_the_index_gives_what_reading_all_texts_gives(
    put: Put, monkeypatch: pytest.MonkeyPatch, window: int, many: int, where: candidates.Where
) -> None:
    monkeypatch.setattr(candidates, "_WINDOW", window)
    monkeypatch.setattr(candidates, "_MANY", many)
    chance = random.Random(7)
    words = ["校", "学校", "食堂", "K", "excel", "12", "安全食", "堂"]
    texts: dict[int, tuple[str, str]] = {}
    for _ in range(40):
        head, body = ("".join(chance.choices(words, k=chance.randint(1, 4))) for _ in range(2))
        made = put(head, body, number=str(uuid.uuid4()))
        texts[made.pk] = (f"{folded(made.number)}\n{folded(head)}", folded(body))
    for asked in ("校", "学校", "食堂", "堂", "e", "exc", "12", "K", "校 食堂", "安全食堂", "校学"):
        question = question_of(asked)
        expected = [pk for pk in sorted(texts, reverse=True) if _holds(question.needles, *texts[pk], where)]
        top = candidates.NEWEST
        assert candidates.candidates(question, where, below=top, limit=99) == expected
        assert candidates.candidates(question, where, below=top, limit=2) == expected[:2]
        assert candidates.among(list(texts), question, where) == expected


def _holds(needles: tuple[str, ...], head: str, body: str, where: candidates.Where) -> bool:
    in_head = all(needle in head for needle in needles)
    anywhere = all(needle in head or needle in body for needle in needles)
    return {"head": in_head, "all": anywhere, "rest": anywhere and not in_head}[where]


def test_index_follows_each_act(cast: Cast) -> None:
    matter = Maker(cast).under_way(title="校舍排查")
    officer = cast.actor("school_officer")
    assert titles("校舍") == ["校舍排查"]
    perform(matter, Act.REPORT, by=officer, note="已完成围墙加固")
    assert titles("围墙") == ["校舍排查"]
    perform(matter, Act.REPORT, by=officer, note="已完成屋面防水")
    assert titles("围墙") == []
    assert titles("防水") == ["校舍排查"]
    evidence = store(io.BytesIO(b"minutes"), name="班子会议纪要.txt")
    perform(matter, Act.ATTACH, by=officer, evidence=[(evidence, "班子会议纪要.txt", "")])
    assert titles("会议纪要") == ["校舍排查"]
    perform(matter, Act.DETACH, by=officer, evidence=[evidence], reason="传错了")
    assert titles("会议纪要") == []
    perform(matter, Act.EDIT, by=cast.actor("supervisor"), title="校园围栏排查", reason="立项时写错")
    assert titles("校舍") == []
    assert titles("围栏") == ["校园围栏排查"]


def test_act_that_is_undone_leaves_the_index_as_it_was(put: Put) -> None:
    from django.db import transaction  # noqa: PLC0415 — only here

    matter = put("校舍排查")
    with transaction.atomic():
        matter.title = "图书馆"
        search.index(matter)
        assert titles("校舍") == []
        transaction.set_rollback(True)
    with transaction.atomic():
        assert titles("校舍") == ["校舍排查"]
        assert titles("图书馆") == []


def test_own_fields_are_searched_unless_personal(cast: Cast) -> None:
    text = """
code = "visit"
version = 1
title = { zh = "家访", en = "Visits" }
short = { zh = "家访", en = "Visits" }
about = { zh = "测试用。", en = "For tests." }
number = "访〔{year}〕{n}号"
opened_by = ["supervisor"]
[due]
rule = "days"
days = 5
[[chain]]
words = { zh = "核查", en = "Verify" }
role = "supervisor"
scope = "office"
[[fields]]
name = "cause"
type = "text"
words = { zh = "原因", en = "Cause" }
[[fields]]
name = "pupil"
type = "text"
words = { zh = "学生", en = "Pupil" }
personal = true
"""
    RegisterVersion.objects.create(code="visit", version=1, text=text, sha256="f" * 64, added_at=timezone.now())
    Maker(cast).drafted("visit", title="上门家访", fields={"cause": "路途遥远", "pupil": "柳小满"})
    assert titles("路途") == ["上门家访"]
    assert titles("柳小满") == []
    assert titles("满") == []


def test_unchanged_matter_costs_one_query(put: Put, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    matter = put("校舍排查")
    with django_assert_num_queries(1):
        search.index(matter)


def test_changed_report_costs_few_queries(put: Put, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    matter = put("校舍排查")
    matter.last_report = "已完成"
    with django_assert_num_queries(2 if connection.vendor == "postgresql" else 4):
        search.index(matter)


def test_many_are_indexed_and_those_gone_forgotten(put: Put) -> None:
    kept, gone = put("留下的校车"), put("撤走的校车")
    number = gone.pk
    gone.involvements.all().delete()
    gone.delete()
    assert titles("校车") == ["留下的校车"]
    search.index_many([kept.pk, number, 987_654])
    assert candidates.candidates(question_of("校车"), candidates.Where.ALL, below=10**9, limit=9) == [kept.pk]
    with connection.cursor() as cursor:
        cursor.execute("SELECT matter_id FROM work_search")
        assert cursor.fetchall() == [(kept.pk,)]


def test_rebuilt_index_answers_as_before(put: Put) -> None:
    put("校车一", "安全")
    put("校车二")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM work_search")
    assert titles("校车") == []
    assert search.rebuild() == 2
    assert search.rebuild() == 2
    assert titles("校车") == ["校车二", "校车一"]
    assert titles("安全") == ["校车一"]
