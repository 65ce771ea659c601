"""Proposals from duties: the clear best, or nobody."""

from __future__ import annotations

from luoshi.drafting.directory import Directory, Unit
from luoshi.drafting.proposals import Proposer

DIRECTORY = Directory(
    [
        Unit("A1", "安全股", ("安全股",), "", "校园安全；校车管理；食品安全"),
        Unit("A2", "人事股", ("人事股",), "", "教师招聘；职称评聘"),
        Unit("A3", "办公室", ("局办",), "", ""),
    ]
)


def test_task_about_one_units_duty_is_proposed_to_it_with_the_shared_words() -> None:
    text = "对全县校车管理情况开展检查。"
    proposal = Proposer(DIRECTORY).propose(text)
    assert proposal is not None
    assert (proposal.unit.code, text[proposal.start : proposal.end]) == ("A1", "校车管理")
    assert "校车管理" in proposal.why.zh
    assert "校车管理" in proposal.why.en


def test_task_about_nobodys_duty_gets_no_proposal() -> None:
    assert Proposer(DIRECTORY).propose("修缮图书馆的屋顶。") is None


def test_task_about_the_duties_of_two_units_gets_no_proposal() -> None:
    assert Proposer(DIRECTORY).propose("开展校园安全检查和教师招聘工作。") is None


def test_directory_without_duties_proposes_nobody() -> None:
    assert Proposer(Directory([Unit("A3", "办公室")])).propose("起草会议文件。") is None
