"""Files between their dry run and their import."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luoshi.org.models import Upload
from luoshi.org.policy import Actor, require
from luoshi.org.rules import clean_line

__all__ = ["keep_upload", "withdraw_upload"]

KEPT: Final = dt.timedelta(days=1)


@transaction.atomic
def keep_upload(name: str, content: bytes, *, by: Actor) -> Upload:
    """Keep a file for its uploader's eyes until it is imported; the one they had before goes, and so do old ones.

    Nothing is recorded: nothing of the organisation has changed.
    """
    require(by, "org.import")
    if by.person_id is None:
        raise ValidationError(_("请用有任职的账号登录后再导入。"), code="no_person")
    now = timezone.now()
    Upload.objects.filter(at__lt=now - KEPT).delete()
    Upload.objects.filter(person_id=by.person_id).delete()
    shown = clean_line(name[-200:], what=_("文件名"), longest=200, needed=False) or "file"
    return Upload.objects.create(person_id=by.person_id, name=shown, content=content, at=now)


@transaction.atomic
def withdraw_upload(upload: Upload, *, by: Actor) -> None:
    """Remove a file; does nothing where it is gone."""
    require(by, "org.import")
    Upload.objects.filter(pk=upload.pk).delete()
