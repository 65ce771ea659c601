"""Taking documents in, at the door: what is kept, what is refused, and by whom it may be seen."""

from __future__ import annotations

import io
import uuid
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django_tasks_db.models import DBTaskResult

from cast import Cast
from directives.making import MEETING, taken_in
from luoshi.directives.actions.taking_in import take_in, take_in_text, withdraw
from luoshi.directives.enums import Stage, Step
from luoshi.directives.models import Directive, Programme
from luoshi.directives.understanding import understand
from luoshi.ledger.models import Record
from luoshi.org.models import Post
from luoshi.org.policy import RefusedError
from luoshi.work import registers
from luoshi.work.evidence.store import opened, path_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _registers(cast: Cast) -> None:
    registers.sync()


def take(cast: Cast, content: bytes = MEETING.encode(), name: str = "讲话.txt", **more: object) -> Directive:
    values: dict[str, object] = {"by": cast.actor("supervisor"), "operation": uuid.uuid4()} | more
    return take_in(io.BytesIO(content), name=name, **values)  # type: ignore[arg-type]


def code_of(refused: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(refused.value.code)


def test_a_document_waits_with_its_file_a_task_and_a_record(cast: Cast) -> None:
    operation = uuid.uuid4()
    directive = take(cast, name=r"C:\收文\讲话.txt", operation=operation, programme=" 2026年工作要点 ")

    assert (directive.name, directive.stage, directive.step) == ("讲话.txt", Stage.WAITING, Step.QUEUED)
    assert (directive.register, directive.confidential, directive.origin) == ("task", False, operation)
    assert str(directive.programme) == "2026年工作要点"
    assert directive.taken_in_by == cast.people["supervisor"]
    with opened(directive.evidence) as file:
        assert file.read() == MEETING.encode()
    task = DBTaskResult.objects.get()
    assert (task.status, task.args_kwargs["args"]) == ("READY", [directive.pk])
    record = Record.objects.get(act="directive.take_in")
    assert (record.actor_name, record.subject_name, record.operation) == ("苏晓岚", "讲话.txt", operation)


def test_the_same_operation_takes_in_once(cast: Cast) -> None:
    operation = uuid.uuid4()
    first = take(cast, operation=operation)
    assert take(cast, operation=operation) == first
    assert (Directive.objects.count(), DBTaskResult.objects.count()) == (1, 1)


def test_somebody_elses_operation_is_refused(cast: Cast) -> None:
    operation = uuid.uuid4()
    take(cast, operation=operation)
    with pytest.raises(ValidationError) as refused:
        take(cast, b"other", operation=operation, by=cast.actor("second_supervisor"))
    assert code_of(refused) == "operation"


def test_the_same_file_a_second_time_is_told_with_the_first(cast: Cast) -> None:
    first = take(cast)
    with pytest.raises(ValidationError) as refused:
        take(cast, name="又一份.txt")
    assert code_of(refused) == "known"
    assert (refused.value.params or {})["directive"] == first.pk
    assert Directive.objects.count() == 1


def test_the_same_file_can_be_taken_in_again_on_purpose_or_as_a_later_version(cast: Cast) -> None:
    first = take(cast)
    again = take(cast, again=True)
    later = take(cast, previous=first)
    assert later.previous == first
    assert len({first.pk, again.pk, later.pk}) == 3
    assert first.evidence == again.evidence == later.evidence


def test_a_file_whose_document_was_withdrawn_is_new_again(cast: Cast) -> None:
    first = take(cast)
    withdraw(first, by=cast.actor("supervisor"), operation=uuid.uuid4(), reason="选错文件")
    assert take(cast).pk != first.pk


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (b"\x7fELF" + b"\0" * 99, "program")])
def test_what_cannot_be_kept_is_refused_and_leaves_nothing(cast: Cast, content: bytes, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        take(cast, content)
    assert code_of(refused) == code
    assert (
        Directive.objects.count(),
        DBTaskResult.objects.count(),
        Record.objects.filter(act="directive.take_in").count(),
    ) == (0, 0, 0)


def test_a_file_over_the_limit_is_refused(cast: Cast, settings: object) -> None:
    settings.LUOSHI_EVIDENCE_LIMIT = 1000  # type: ignore[attr-defined]
    with pytest.raises(ValidationError) as refused:
        take(cast, b"x" * 1001)
    assert code_of(refused) == "too_large"


def test_pasted_words_are_kept_as_a_text_file(cast: Cast) -> None:
    directive = take_in_text(f"\n {MEETING}\ud800", by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert directive.name.startswith("粘贴-20")
    assert directive.name.endswith(".txt")
    assert path_of(directive.evidence).read_bytes() == (MEETING.strip() + "\n?").encode()


@pytest.mark.parametrize("text", ["", " \n\u3000"])
def test_nothing_pasted_is_refused(cast: Cast, text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        take_in_text(text, by=cast.actor("supervisor"), operation=uuid.uuid4())
    assert code_of(refused) == "empty"


@pytest.mark.parametrize("who", ["leader", "discipline", "head", "officer", "inspector", "system_admin", "stranger"])
def test_only_the_office_takes_documents_in(cast: Cast, who: str) -> None:
    with pytest.raises(RefusedError):
        take(cast, by=cast.actor(who))
    assert Directive.objects.count() == 0


def test_an_unknown_register_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        take(cast, register="nothing")
    assert code_of(refused) == "register"


# Files that cannot be read.


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 no archive", "方案.docx"),
        (b"%PDF-1.7 nothing", "通知.pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "讲话.doc"),
        (" \n\u3000\n".encode(), "空白.txt"),
        (b"\x00\x01\x02\x03" * 50, "数据.bin"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_both_languages(cast: Cast, content: bytes, name: str) -> None:
    directive = take(cast, content, name)
    understand(directive.pk)
    directive.refresh_from_db()
    assert (directive.stage, directive.step) == (Stage.FAILED, Step.DONE)
    assert set(directive.failure) == {"zh", "en"}
    assert all(directive.failure.values())


def test_a_file_that_the_server_has_lost_says_so(cast: Cast) -> None:
    directive = take(cast, "一份会丢的文件。".encode())
    path_of(directive.evidence).unlink()
    understand(directive.pk)
    directive.refresh_from_db()
    assert directive.stage == Stage.FAILED
    assert "找不到" in directive.failure["zh"]


# Confidential registers.


@pytest.fixture
def petition(cast: Cast, settings: object, tmp_path: Path) -> str:
    """A confidential register that one supervisor may know of and the other may not."""
    text = (Path(registers.store.SHIPPED) / "task.toml").read_text()
    text = text.replace('code = "task"', 'code = "petition"\nconfidential = true').replace("督办〔", "信访〔")
    text = text.replace('zh = "督办任务"', 'zh = "信访件"').replace('en = "Supervised tasks"', 'en = "Petitions"')
    (tmp_path / "petition.toml").write_text(text)
    settings.LUOSHI_REGISTERS = tmp_path  # type: ignore[attr-defined]
    registers.sync()
    Post.objects.filter(person=cast.people["supervisor"]).update(registers=["petition"])
    return "petition"


def test_a_confidential_document_is_for_those_whose_post_names_its_register(cast: Cast, petition: str) -> None:
    directive = take(cast, register=petition)
    assert directive.confidential
    with pytest.raises(ValidationError) as refused:
        take(cast, b"x y z", register=petition, by=cast.actor("second_supervisor"))
    assert code_of(refused) == "register"


def test_the_record_of_a_confidential_document_does_not_name_it(cast: Cast, petition: str) -> None:
    directive = take(cast, register=petition)
    record = Record.objects.get(act="directive.take_in")
    assert (record.subject_key, record.subject_name) == (str(directive.uid), "")


def test_who_may_not_know_of_a_document_is_not_told_that_its_file_is_known(cast: Cast, petition: str) -> None:
    take(cast, register=petition)
    other = take(cast, by=cast.actor("second_supervisor"))
    assert other.register == "task"


def test_a_confidential_document_cannot_be_named_as_the_version_before(cast: Cast, petition: str) -> None:
    secret = take(cast, register=petition)
    with pytest.raises(ValidationError) as hidden:
        take(cast, b"a b c", previous=secret, by=cast.actor("second_supervisor"))
    with pytest.raises(ValidationError) as mixed:
        take(cast, b"a b c", previous=secret)
    assert (code_of(hidden), code_of(mixed)) == ("previous", "confidential")
    assert take(cast, b"a b c", previous=secret, register=petition).previous == secret


def test_a_programme_is_set_up_once(cast: Cast) -> None:
    first, second = (take(cast, content, programme="平安校园 行动") for content in (b"a b", b"c d"))
    assert first.programme == second.programme
    assert Programme.objects.count() == 1


def test_a_document_made_for_tests_is_ready_for_review(cast: Cast) -> None:
    assert taken_in(cast).clauses.count() == 5
