"""What the operating system says when it refuses, in words that tell a person what to change."""

from __future__ import annotations

import errno
from typing import Final

from luoshi.words import Words

__all__ = ["reason"]

_REASONS: Final = {
    errno.ENOENT: Words("没有这个文件夹", "there is no such folder"),
    errno.ENOTDIR: Words("路径里有一段不是文件夹", "a part of the path is no folder"),
    errno.EISDIR: Words("这是文件夹", "this is a folder"),
    errno.EACCES: Words("没有权限", "you have no permission"),
    errno.EPERM: Words("系统不允许", "the system forbids it"),
    errno.EROFS: Words("这个盘是只读的", "the disk is read-only"),
    errno.ENOSPC: Words("磁盘满了", "the disk is full"),
    errno.EDQUOT: Words("磁盘配额用完了", "the disk quota is used up"),
    errno.ENAMETOOLONG: Words("名称太长", "the name is too long"),
    errno.EIO: Words("磁盘读写出错", "the disk failed"),
    errno.EBUSY: Words("文件正被占用", "the file is in use"),
}


def reason(error: OSError) -> Words:
    """Return why the system refused; what is not known here stays in the system's own words."""
    said = error.strerror or str(error)
    return _REASONS.get(error.errno or 0, Words(said, said))
