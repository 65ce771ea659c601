"""Two versions of one document: the first confirmed, the second read and compared with it."""

from __future__ import annotations

import uuid

from cast import Cast
from directives.making import taken_in
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.actions.taking_in import take_in_text
from luoshi.directives.enums import ClauseState
from luoshi.directives.models import Clause, Directive
from luoshi.directives.understanding import understand

__all__ = ["FIRST", "SECOND", "first", "row", "second"]

FIRST = """云岭市2027年校园安全工作方案
（2026年11月20日）
一、工作任务
（一）排查校舍。基教科牵头，2027年6月30日前完成全市校舍安全隐患排查，整改率达到95%以上。
（二）更换报警装置。安全科负责，2027年9月1日前更换全市学校食堂燃气报警装置。
（三）建设心理辅导室。青禾第一中学要在2027年9月1日前建成心理辅导室。
（四）清点危化品。安全科负责，2027年5月31日前清点学校实验室危险化学品。
（五）改造厕所。槐树镇中心学校要在2027年8月31日前改造农村学校厕所12所。
"""
"""Five demands, each with a unit of the cast that leads and a day."""

SECOND = """云岭市2027年校园安全工作方案（修订）
（2026年11月21日）
一、工作任务
（一）更换报警装置。安全科负责，2027年9月1日前更换全市学校食堂燃气报警装置。
（二）排查校舍。安全科牵头，2027年7月31日前完成全市校舍安全隐患排查，整改率达到98%以上。
（三）建设心理辅导室。青禾第一中学要在2027年9月1日前建成标准化心理辅导室并配备专职教师。
（四）改造厕所。槐树镇中心学校要在2027年8月31日前改造农村学校厕所12所。
（五）组织演练。安全科要在2027年4月30日前组织全市中小学应急疏散演练。
"""
"""Two rows stay as they are, one is reworded, one has other fields, one is gone and one is new."""


def first(cast: Cast, text: str = FIRST, *, confirmed: bool = True) -> Directive:
    """Return the first version, all of it confirmed."""
    directive = taken_in(cast, text)
    if confirmed:
        confirm(directive, by=cast.actor("supervisor"), operation=uuid.uuid4())
        directive.refresh_from_db()
    return directive


def second(cast: Cast, previous: Directive, text: str = SECOND) -> Directive:
    """Return the later version, read and compared."""
    directive = take_in_text(text, by=cast.actor("supervisor"), operation=uuid.uuid4(), previous=previous)
    understand(directive.pk)
    directive.refresh_from_db()
    return directive


def row(directive: Directive, words: str) -> Clause:
    """Return the row whose demand holds these words."""
    rows = directive.clauses.exclude(state=ClauseState.MERGED).order_by("number")
    return next(one for one in rows if words in one.values["requirement"])
