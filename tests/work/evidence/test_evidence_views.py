"""What comes over HTTP, and to whom."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from cast import Cast
from luoshi.ledger.models import Record
from luoshi.work.actions import perform
from luoshi.work.enums import Act
from luoshi.work.evidence import my_evidence, path_of, store
from luoshi.work.models import Attachment, Matter
from work.matters import Maker

from .samples import camera_photo, page

PAGE = b"<!doctype html><script>alert(1)</script>"


class Reader(Client):
    """A browser that reads each answer to its end, so that its file is closed."""

    def request(self, **more: Any) -> Any:
        response: Any = super().request(**more)
        response.whole = b"".join(response.streaming_content) if response.streaming else response.content
        response.close()
        return response


def client_of(cast: Cast, name: str) -> Any:
    client = Reader()
    account = cast.people[name].account
    assert account is not None
    client.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return client


def attached(cast: Cast, matter: Matter, content: bytes, name: str, by: str = "supervisor") -> Attachment:
    evidence = store(io.BytesIO(content), name=name)
    perform(matter, Act.ATTACH, by=cast.actor(by), evidence=[(evidence, name, "")], operation=uuid.uuid4())
    return matter.attachments.get(evidence=evidence)


@pytest.fixture
def photo(cast: Cast) -> Attachment:
    """Return a photo attached to a matter of 槐树镇第一小学."""
    return attached(cast, Maker(cast).under_way(), camera_photo(), "整改后照片.jpg", "school_officer")


PATHS = ("", "large/", "thumb/")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("supervisor", 200),
        ("leader", 200),
        ("school_officer", 200),
        ("centre_head", 200),
        ("other_head", 404),
        ("observer", 404),
        ("system_admin", 404),
        ("stranger", 404),
    ],
)
def test_evidence_is_seen_by_those_who_see_its_matter(
    cast: Cast, photo: Attachment, who: str, status: int, path: str
) -> None:
    assert client_of(cast, who).get(f"/evidence/{photo.pk}/{path}").status_code == status


@pytest.mark.parametrize("path", PATHS)
def test_nobody_sees_evidence_before_signing_in(photo: Attachment, path: str) -> None:
    response = Client().get(f"/evidence/{photo.pk}/{path}")
    assert response.status_code == 302
    assert "login" in response["Location"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999999"])
def test_unknown_number_is_not_found(cast: Cast, number: str, path: str) -> None:
    assert client_of(cast, "supervisor").get(f"/evidence/{number}/{path}").status_code == 404


def test_evidence_cannot_be_posted_to(cast: Cast, photo: Attachment) -> None:
    assert client_of(cast, "supervisor").post(f"/evidence/{photo.pk}/").status_code == 405


def test_download_is_the_original_under_its_chinese_name(cast: Cast, photo: Attachment) -> None:
    response = client_of(cast, "supervisor").get(f"/evidence/{photo.pk}/")
    assert response.whole == camera_photo()
    assert response["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%95%B4%E6%94%B9%E5%90%8E%E7%85%A7%E7%89%87.jpg"
    )
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Length"] == str(len(camera_photo()))
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("name", ["页面.html", "图.svg", "脚本.js"])
def test_page_or_script_is_only_ever_a_download(cast: Cast, name: str) -> None:
    use = attached(cast, Maker(cast).drafted(), PAGE, name)
    client = client_of(cast, "supervisor")
    response = client.get(f"/evidence/{use.pk}/")
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment;")
    for path in ("large/", "thumb/"):
        shown = client.get(f"/evidence/{use.pk}/{path}")
        assert shown["Content-Type"] == "image/svg+xml"
        assert "没有预览" in shown.content.decode()
        assert b"alert" not in shown.content


def test_preview_is_a_picture_without_place_and_device(cast: Cast, photo: Attachment) -> None:
    response = client_of(cast, "supervisor").get(f"/evidence/{photo.pk}/large/")
    shown = response.whole
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == "inline"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert shown.startswith(b"\xff\xd8\xff")
    assert b"Exif" not in shown
    assert b"Exif" in camera_photo()


@pytest.mark.parametrize("path", PATHS)
def test_what_the_browser_holds_is_not_sent_again(cast: Cast, photo: Attachment, path: str) -> None:
    client = client_of(cast, "supervisor")
    first = client.get(f"/evidence/{photo.pk}/{path}")
    again = client.get(f"/evidence/{photo.pk}/{path}", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    other = client.get(f"/evidence/{photo.pk}/{path}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("asked", "status", "content", "told"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=7-", 206, b"789", "bytes 7-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=-99", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
        ("bytes=10-", 416, b"", "bytes */10"),
        ("bytes=-0", 416, b"", "bytes */10"),
        ("bytes=5-2", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("bytes=-", 200, b"0123456789", None),
        ("rows=1-2", 200, b"0123456789", None),
    ],
)
def test_broken_download_goes_on_where_it_stopped(
    cast: Cast, asked: str, status: int, content: bytes, told: str | None
) -> None:
    use = attached(cast, Maker(cast).drafted(), b"0123456789", "a.txt")
    response = client_of(cast, "supervisor").get(f"/evidence/{use.pk}/", headers={"Range": asked})
    assert response.status_code == status
    assert response.whole == content
    assert response.get("Content-Range") == told


def test_part_of_another_content_is_not_sent(cast: Cast) -> None:
    use = attached(cast, Maker(cast).drafted(), b"0123456789", "a.txt")
    headers = {"Range": "bytes=5-", "If-Range": '"another"'}
    response = client_of(cast, "supervisor").get(f"/evidence/{use.pk}/", headers=headers)
    assert response.status_code == 200
    assert response.whole == b"0123456789"


def test_lost_file_is_told_in_words(cast: Cast, photo: Attachment) -> None:
    path_of(photo.evidence).unlink()
    response = client_of(cast, "supervisor").get(f"/evidence/{photo.pk}/")
    assert response.status_code == 410
    assert "请告诉系统管理员" in response.content.decode()


def test_file_that_cannot_be_drawn_is_no_error(cast: Cast) -> None:
    use = attached(cast, Maker(cast).drafted(), b"%PDF-1.7 broken", "a.pdf")
    response = client_of(cast, "supervisor").get(f"/evidence/{use.pk}/thumb/", headers={"Accept-Language": "en"})
    assert response.status_code == 200
    assert response["Content-Type"] == "image/svg+xml"


def test_taken_back_evidence_is_still_part_of_the_history(cast: Cast, photo: Attachment) -> None:
    perform(photo.matter, Act.DETACH, by=cast.actor("supervisor"), evidence=[photo.evidence], reason="传错了")
    response = client_of(cast, "school_officer").get(f"/evidence/{photo.pk}/")
    assert response.status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_each_look_at_confidential_evidence_is_written_down(cast: Cast, path: str) -> None:
    post = cast.people["supervisor"].posts.get()
    post.registers = ["secret"]
    post.save()
    matter = Maker(cast).drafted("secret", title="家长实名反映收费")
    use = attached(cast, matter, page(), "张某某来信.pdf")
    client = client_of(cast, "supervisor")
    response = client.get(f"/evidence/{use.pk}/{path}")
    assert response["Cache-Control"] == "private, no-store"
    look = Record.objects.get(act="matter.look")
    assert (look.actor_name, look.subject_key, look.subject_name) == ("苏晓岚", str(matter.uid), matter.number)
    assert look.data == {"page": f"/evidence/{use.pk}/{path}", "evidence": use.evidence.sha256}
    assert client_of(cast, "leader").get(f"/evidence/{use.pk}/{path}").status_code == 404
    assert Record.objects.filter(act="matter.look").count() == 1


def test_look_at_open_evidence_is_not_written_down(cast: Cast, photo: Attachment) -> None:
    client_of(cast, "supervisor").get(f"/evidence/{photo.pk}/")
    assert not Record.objects.filter(act="matter.look").exists()


# Handing in again.


def test_ones_own_evidence_is_offered_once_by_its_latest_use(cast: Cast, photo: Attachment) -> None:
    second = Maker(cast).under_way(title="另一件事")
    again = [(photo.evidence, "同一张照片.jpg", "")]
    perform(second, Act.ATTACH, by=cast.actor("school_officer"), evidence=again)
    other = attached(cast, second, b"minutes", "会议纪要.txt", "school_officer")
    found = list(my_evidence(cast.actor("school_officer")))
    assert [use.name for use in found] == ["会议纪要.txt", "同一张照片.jpg"]
    assert found[0] == other


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ["照片.JPG"]), ("照片", ["照片.JPG"]), ("jpg 照", ["照片.JPG"]), ("纪要", []), ("%", []), ("照片 纪要", [])],
)
def test_ones_own_evidence_is_found_by_name(cast: Cast, text: str, names: list[str]) -> None:
    attached(cast, Maker(cast).under_way(), b"a photo", "照片.JPG", "school_officer")
    assert [use.name for use in my_evidence(cast.actor("school_officer"), text)] == names


@pytest.mark.parametrize("who", ["other_officer", "stranger", "centre_head", "supervisor"])
def test_evidence_of_other_units_is_not_offered(cast: Cast, photo: Attachment, who: str) -> None:
    assert not my_evidence(cast.actor(who)).exists()


def test_evidence_taken_back_or_confidential_is_not_offered(cast: Cast, photo: Attachment) -> None:
    post = cast.people["school_officer"].posts.get()
    post.registers = ["secret"]
    post.save()
    secret = Maker(cast).drafted("secret", by="school_officer")
    attached(cast, secret, b"letter", "来信.txt", "school_officer")
    perform(photo.matter, Act.DETACH, by=cast.actor("supervisor"), evidence=[photo.evidence], reason="传错了")
    assert not my_evidence(cast.actor("school_officer")).exists()
