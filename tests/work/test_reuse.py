"""Handing evidence in again: what is offered, what is taken, what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from luoshi.org.models import Post
from luoshi.work.actions import perform
from luoshi.work.models import Attachment, Evidence, Matter
from web.signed_in import as_
from work.matters import Maker, file


@pytest.fixture
def make(cast: Cast) -> Maker:
    """Return a maker of matters."""
    return Maker(cast)


@pytest.fixture
def before(cast: Cast, make: Maker) -> Matter:
    """Return a matter of the school to which 排查照片.jpg is attached."""
    matter = make.under_way(title="完成消防排查")
    perform(matter, "attach", by=cast.actor("school_officer"), evidence=[file("排查照片.jpg")])
    return matter


@pytest.fixture
def now(make: Maker) -> Matter:
    """Return another matter of the school, under way."""
    return make.under_way(title="完成校车检查")


def _text(response: Any) -> str:
    return str(response.content.decode())


def _number(name: str) -> int:
    return Attachment.objects.filter(name=name).earliest("pk").evidence_id


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("act", ["attach", "report", "submit"])
def test_each_form_that_takes_evidence_offers_what_the_unit_handed_in(cast: Cast, now: Matter, act: str) -> None:
    said = _text(as_(cast, "school_officer").get(f"/matters/{now.pk}/{act}/"))
    assert f'name="again" value="{_number("排查照片.jpg")}"' in said
    assert "完成消防排查" in said


def test_a_form_offers_nothing_where_nothing_was_handed_in(cast: Cast, now: Matter) -> None:
    assert 'name="again"' not in _text(as_(cast, "school_officer").get(f"/matters/{now.pk}/report/"))


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("act", ["attach", "report", "submit"])
def test_chosen_evidence_is_attached_beside_what_is_uploaded(cast: Cast, now: Matter, act: str) -> None:
    upload = SimpleUploadedFile("清单.txt", b"list")
    sent = {"note": "已办", "again": [_number("排查照片.jpg")], "files": upload}
    assert as_(cast, "school_officer").post(f"/matters/{now.pk}/{act}/", sent).status_code == 302
    assert set(now.attachments.values_list("name", flat=True)) == {"排查照片.jpg", "清单.txt"}
    assert Evidence.objects.count() == 2


def test_several_pieces_are_chosen_at_once(cast: Cast, before: Matter, now: Matter) -> None:
    perform(before, "attach", by=cast.actor("school_officer"), evidence=[file("台账.xlsx"), file("方案.docx")])
    numbers = [_number(name) for name in ("台账.xlsx", "方案.docx")]
    as_(cast, "school_officer").post(f"/matters/{now.pk}/attach/", {"again": numbers})
    assert set(now.attachments.values_list("name", flat=True)) == {"台账.xlsx", "方案.docx"}


@pytest.mark.usefixtures("before")
def test_what_the_matter_has_already_is_not_offered_again(cast: Cast, now: Matter) -> None:
    client, number = as_(cast, "school_officer"), _number("排查照片.jpg")
    client.post(f"/matters/{now.pk}/attach/", {"again": number})
    assert f'value="{number}"' not in _text(client.get(f"/matters/{now.pk}/attach/"))
    assert client.post(f"/matters/{now.pk}/attach/", {"again": number, "note": "再来"}).status_code == 422
    assert now.attachments.count() == 1


@pytest.mark.parametrize("sent", ["0", "999999", "x", "-1", "9" * 40, "1 or 1=1"])
def test_a_number_of_nothing_is_refused_and_nothing_is_done(cast: Cast, now: Matter, sent: str) -> None:
    response = as_(cast, "school_officer").post(f"/matters/{now.pk}/report/", {"note": "已办", "again": sent})
    assert (response.status_code, "请重新勾选" in _text(response)) == (422, True)
    now.refresh_from_db()
    assert now.last_report == ""
    assert not now.attachments.exists()


def test_evidence_of_another_unit_is_neither_offered_nor_taken(cast: Cast, make: Maker, now: Matter) -> None:
    theirs = make.under_way(lead="QH-1")
    perform(theirs, "attach", by=cast.actor("other_officer"), evidence=[file("秦校.jpg")])
    client, number = as_(cast, "school_officer"), _number("秦校.jpg")
    assert "秦校.jpg" not in _text(client.get(f"/matters/{now.pk}/attach/"))
    assert client.post(f"/matters/{now.pk}/attach/", {"again": number}).status_code == 422
    assert not now.attachments.exists()


def test_evidence_of_a_confidential_register_is_neither_offered_nor_taken(cast: Cast, make: Maker, now: Matter) -> None:
    Post.objects.filter(person__in=[cast.people[one] for one in ("supervisor", "school_head")]).update(
        registers=["secret"]
    )
    secret = make.drafted("secret")
    perform(secret, "attach", by=cast.actor("supervisor"), evidence=[file("密件.pdf")])
    number = _number("密件.pdf")
    for who in ("school_officer", "school_head"):
        client = as_(cast, who)
        assert "密件.pdf" not in _text(client.get(f"/matters/{now.pk}/attach/?again_text=密件&again={number}"))
        assert client.post(f"/matters/{now.pk}/attach/", {"again": number}).status_code == 422
    assert not now.attachments.exists()


def test_evidence_taken_back_is_no_longer_taken(cast: Cast, before: Matter, now: Matter) -> None:
    number = _number("排查照片.jpg")
    row = Evidence.objects.get(pk=number)
    perform(before, "detach", by=cast.actor("school_officer"), evidence=[row])
    response = as_(cast, "school_officer").post(f"/matters/{now.pk}/attach/", {"again": number})
    assert response.status_code == 422
    assert not now.attachments.exists()


# Searching.


@pytest.fixture
def many(cast: Cast, before: Matter) -> list[int]:
    """Attach 25 more files; return their numbers, the oldest first."""
    files = [file(f"会议{place:02}.docx") for place in range(25)]
    perform(before, "attach", by=cast.actor("school_officer"), evidence=files)
    return [_number(name) for _row, name, _note in files]


def test_the_newest_twenty_are_shown_and_the_rest_is_found_by_name(cast: Cast, now: Matter, many: list[int]) -> None:
    client, address = as_(cast, "school_officer"), f"/matters/{now.pk}/attach/"
    said = _text(client.get(address))
    shown = [number for number in many if f'name="again" value="{number}"' in said]
    assert (shown, "只列出最新的20份" in said) == (many[5:], True)
    found = _text(client.get(f"{address}?again_text=会议03"))
    assert [number for number in many if f'name="again" value="{number}"' in found] == [many[3]]
    assert "没有文件名里有这些字的材料" in _text(client.get(f"{address}?again_text=没有的"))


def test_a_search_by_script_gets_only_the_list_and_keeps_what_is_ticked(
    cast: Cast, now: Matter, many: list[int]
) -> None:
    address = f"/matters/{now.pk}/attach/?again_text=会议03&again={many[7]}"
    response = as_(cast, "school_officer").get(address, headers={"HX-Request": "true"})
    said = _text(response)
    assert ("<html" in said, f'value="{many[3]}"' in said, f'value="{many[7]}" checked' in said) == (False, True, True)
    assert "HX-Request" in response["Vary"]


def test_a_search_without_scripts_keeps_words_files_and_ticks_and_does_nothing(
    cast: Cast, now: Matter, many: list[int]
) -> None:
    client, address = as_(cast, "school_officer"), f"/matters/{now.pk}/report/"
    sent = {
        "note": "写了一半",
        "progress": "40",
        "again": many[7],
        "again_text": "会议03",
        "seen": now.version,
        "files": SimpleUploadedFile("清单.txt", b"list"),
    }
    response = client.post(f"{address}?find=1", sent)
    said = _text(response)
    assert response.status_code == 200
    assert all(one in said for one in ("写了一半", 'value="40"', f'value="{many[7]}" checked', "清单.txt"))
    assert f'name="again" value="{many[3]}"' in said
    assert 'role="alert"' not in said
    now.refresh_from_db()
    assert now.last_report == ""


def test_a_search_keeps_the_version_that_was_seen(cast: Cast, now: Matter, many: list[int]) -> None:
    assert many
    seen = now.version
    perform(now, "edit", by=cast.actor("supervisor"), title="改了名", reason="核对")
    response = as_(cast, "school_officer").post(f"/matters/{now.pk}/report/?find=1", {"note": "一半", "seen": seen})
    assert f'name="seen" value="{seen}"' in _text(response)


def test_a_program_uploaded_with_a_search_is_named_and_not_kept(cast: Cast, now: Matter, many: list[int]) -> None:
    assert many
    sent = {"note": "一半", "files": SimpleUploadedFile("x.exe", b"MZ" + b"\0" * 200)}
    response = as_(cast, "school_officer").post(f"/matters/{now.pk}/report/?find=1", sent)
    assert (response.status_code, "这是程序" in _text(response)) == (422, True)
    assert 'name="kept"' not in _text(response)
