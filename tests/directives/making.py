"""Documents that are there already: taken in by the cast, read, and waiting to be reviewed."""

from __future__ import annotations

import uuid

from cast import Cast
from luoshi.directives.actions.taking_in import take_in_text
from luoshi.directives.models import Directive
from luoshi.directives.understanding import understand
from luoshi.work import registers

__all__ = ["MEETING", "taken_in"]

MEETING = """在云岭市教育工作会议上的讲话
（2026年3月2日）
同志们：
一、过去一年的工作
去年我市新建幼儿园3所，改造食堂12个。
二、今年的重点任务
（一）守牢安全底线
基教科牵头，安全科配合，6月底前完成校舍隐患排查，整改率达到98%以上。
安全科每月开展一次消防演练。
青禾第一中学要在9月1日前建成心理辅导室。
教育是民生之基。
（二）提升教学质量
槐树镇中心学校要在5月底前制定帮扶方案，12月底前完成帮扶12所薄弱学校。
各学校要严格落实课后服务制度。
同志们，让我们一起努力。
"""
"""An invented speech: five demands, two with units of the cast that lead, one with two days."""


def taken_in(cast: Cast, text: str = MEETING, *, who: str = "supervisor", register: str = "task") -> Directive:
    """Return a document of these words as a reviewer meets it: read, drafted, nothing touched."""
    registers.sync()
    directive = take_in_text(text, by=cast.actor(who), operation=uuid.uuid4(), register=register)
    understand(directive.pk)
    directive.refresh_from_db()
    return directive
