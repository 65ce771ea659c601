"""Settles a Word part before it is read: tracked changes as if accepted, one branch of each alternative.

After this, what is left in the tree is what a reader of the final document would find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from luoshi.reading.formats.docx_package import W

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["settle"]

_ALTERNATIVE: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_TAKEN: Final = "taken"
_DROPPED: Final = "dropped"
_P: Final = W + "p"
_PPR: Final = W + "pPr"
_GONE: Final = (W + "del", W + "moveFrom")
_MARKS: Final = tuple(
    W + name
    for name in (
        "bookmarkStart",
        "bookmarkEnd",
        "commentRangeStart",
        "commentRangeEnd",
        "moveFromRangeStart",
        "moveFromRangeEnd",
        "moveToRangeStart",
        "moveToRangeEnd",
        "permStart",
        "permEnd",
        "proofErr",
        "pPrChange",
        "rPrChange",
        "tblPrChange",
        "trPrChange",
        "tcPrChange",
        "sectPrChange",
        "numberingChange",
    )
)
"""Elements without text of their own, or with properties of before a change."""


def settle(root: _Element) -> None:
    """Rewrite a part's tree in place.

    Insertions stay, deletions and the old places of moves go, deleted rows and cells go, a paragraph whose mark was
    deleted runs on into the next one, and so does a heading with a style separator.
    """
    from lxml import etree  # noqa: PLC0415 — heavy, and not every run needs it

    etree.strip_elements(root, *_MARKS, with_tail=False)
    _choose(root)
    marks = _delete(root)
    waiting = set(marks)
    for paragraph in marks:
        if paragraph in waiting:
            _run_on(paragraph, waiting)
    for mark in reversed(list(root.iter(W + "specVanish"))):
        _pull_up(mark)


def _choose(root: _Element) -> None:
    """Replace each alternative by the first of its branches that has text, so that no text box is read twice.

    The branches are only marked here and taken out all at once, for alternatives nest and double with every level.
    """
    from lxml import etree  # noqa: PLC0415 — heavy, and not every run needs it

    for alternative in root.iter(_ALTERNATIVE):
        chosen = next((branch for branch in alternative if _has_text(branch)), None)
        for branch in alternative:
            branch.tag = _TAKEN if branch is chosen else _DROPPED
    etree.strip_elements(root, _DROPPED, with_tail=False)
    etree.strip_tags(root, _ALTERNATIVE, _TAKEN)


def _has_text(branch: _Element) -> bool:
    return next(branch.iter(W + "t", W + "txbxContent", W + "p", W + "sym"), None) is not None


def _delete(root: _Element) -> list[_Element]:
    """Take out what was deleted and return the paragraphs whose mark was."""
    marked = []
    for element in list(root.iter(*_GONE)):
        parent = element.getparent()
        place = parent.tag if parent is not None else ""
        if place == W + "rPr":
            marked += [p for p in [_owner(parent)] if p is not None]
        elif place == W + "trPr" and parent is not None:
            _remove(parent.getparent())
        else:
            _remove(element)
    for element in list(root.iter(W + "cellDel")):
        _remove(next(element.iterancestors(W + "tc"), None))
    return marked


def _owner(properties: _Element | None) -> _Element | None:
    """Return the paragraph whose mark these run properties describe."""
    above = properties.getparent() if properties is not None else None
    return above.getparent() if above is not None and above.tag == _PPR else None


def _run_on(paragraph: _Element, marked: set[_Element]) -> None:
    """Move what follows to the end of a paragraph until one comes whose mark stands; its properties hold for all.

    Nothing is moved twice, so that many deleted marks in a row cost no more than their text.
    """
    while True:
        following = paragraph.getnext()
        if following is None or following.tag != _P:
            if all(child.tag == _PPR for child in paragraph):
                _remove(paragraph)
            return
        properties, kept = paragraph.find(_PPR), following.find(_PPR)
        if properties is not None:
            paragraph.remove(properties)
        paragraph.extend([child for child in following if child.tag != _PPR])
        if kept is not None:
            paragraph.insert(0, kept)
        _remove(following)
        if following not in marked:
            return
        marked.discard(following)


def _pull_up(mark: _Element) -> None:
    """Move the next paragraph's content to the end of the one whose mark is a style separator."""
    paragraph = _owner(mark.getparent())
    following = paragraph.getnext() if paragraph is not None else None
    if paragraph is None or following is None or following.tag != _P:
        return
    paragraph.extend([child for child in following if child.tag != _PPR])
    _remove(following)


def _remove(element: _Element | None) -> None:
    parent = element.getparent() if element is not None else None
    if element is not None and parent is not None:
        parent.remove(element)
