"""What only a demo has: who can sign in and what they see, and a speech for the visitor to take in."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Final

from examples.demo.county import LOGINS
from examples.demo.papers import docx_of, filled
from examples.demo.story import Story

__all__ = ["write_guide"]

SAMPLE: Final = "样例讲话.docx"
_SEES: Final = (
    (
        "duban",
        "督办员",
        "supervisor",
        "收文、核对、立项、交办、催办、销号",
        "takes documents in, reviews, hands out, closes",
    ),
    ("duban1", "督办员", "supervisor", "和上一位同时核对一份文件", "reviews the same document at the same time"),
    ("juzhang", "局长", "leader", "看全局办到哪一步", "sees how far everything is"),
    ("fenguan", "副局长", "deputy leader", "看分管片区的事项", "sees the matters of one area"),
    ("jijiao", "基础教育股负责人", "head of a department", "签收、分人、审签", "accepts, hands on, signs"),
    ("jijiao1", "基础教育股经办人", "officer", "反馈进展、传材料、报结", "reports, attaches evidence, submits"),
    ("chengdong", "城东小学校长", "head of a school", "签收交办、报隐患", "accepts work, reports hazards"),
    ("dudao", "责任督学", "inspector", "到片区学校看办理情况", "follows up the schools of an area"),
    (
        "jiazhang",
        "家长委员会主任",
        "parent observer",
        "只看本校事项，不能改",
        "reads one school's matters, changes nothing",
    ),
    ("jijian", "纪检组长", "discipline", "看全部事项和文件", "reads all matters and documents"),
    ("xitong", "系统管理员", "system administrator", "管单位、人员、任职", "looks after units, people, posts"),
    ("anquan", "安全管理员", "security administrator", "管账号，确认任职", "looks after accounts, confirms posts"),
    ("shenji", "审计管理员", "audit administrator", "看操作记录", "reads the records"),
)


def write_guide(story: Story, folder: Path, password: str) -> None:
    """Write the visitor's speech, the list of accounts (readable by the owner alone), and what the pages tell."""
    sample = docx_of(filled("样例讲话.txt", story.today))
    (folder / SAMPLE).write_bytes(sample)
    heads = {code: LOGINS.get(code, code.lower()) for code in story.heads}
    facts = {
        "day": story.today.isoformat(),
        "sample": SAMPLE,
        "sha256": hashlib.sha256(sample).hexdigest(),
        "heads": heads,
        "accounts": [
            {"username": username, "role": {"zh": zh, "en": en}, "sees": {"zh": sees_zh, "en": sees_en}}
            for username, zh, en, sees_zh, sees_en in _SEES
        ],
    }
    _accounts(folder / "accounts.txt", password)
    (folder / "demo.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")


def _accounts(path: Path, password: str) -> None:
    lines = [
        "演示账号，密码都是 · Demo accounts, one password for all:",
        f"  {password}",
        "",
        *(f"  {username:<10} {zh} {en}：{sees_zh} · {sees_en}" for username, zh, en, sees_zh, sees_en in _SEES),
        "  c1 … c8, s01 …, t01 …, k01 …, qh01 …：各学校、幼儿园、股室负责人 · heads of schools and departments",
    ]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
