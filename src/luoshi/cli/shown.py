"""A document as `luoshi read` shows it: its outline in lines, or all that was read as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from luoshi.reading.document import Document, Found, Part, Sentence
from luoshi.words import Language, Words

__all__ = ["document_json", "outline_lines"]

_PARTS = {
    Part.OPENING: Words("开头", "opening"),
    Part.REVIEW: Words("回顾", "review"),
    Part.PROBLEMS: Words("问题", "problems"),
    Part.PLAN: Words("部署", "plan"),
    Part.CLOSING: Words("结尾", "closing"),
    Part.NONE: Words("", ""),
}


def outline_lines(document: Document, language: Language) -> Iterator[str]:
    """Return the speeches and their outline items, each with its depth and the part of the speech it stands in."""
    for speech in document.speeches:
        same = Words(f"（同第{speech.same_as}篇）", f" (same as {speech.same_as})").in_(language)
        yield f"[{speech.id}] {_one_line(speech.title)}{same if speech.same_as else ''}".rstrip()
        for sentence in document.sentences:
            if sentence.speech == speech.id and sentence.level is not None and sentence.noise is None:
                yield _outline_line(document, sentence, language)


def _outline_line(document: Document, sentence: Sentence, language: Language) -> str:
    part = _PARTS[sentence.part].in_(language)
    words = _one_line(document.quote(sentence.start, sentence.end))
    return "  " * len(sentence.path) + "  " + words + (f"  [{part}]" if part and not sentence.path else "")


def document_json(document: Document, language: Language) -> dict[str, Any]:
    """Return all that was read; every offset counts characters of `text`."""
    origin = document.origin
    return {
        "file": document.name,
        "format": document.format,
        "sha256": document.sha256,
        "chars": len(document.text),
        "title": _found(origin.title),
        "issuer": _found(origin.issuer),
        "number": _found(origin.number),
        "date": origin.date.day.isoformat() if origin.date else None,
        "date_why": origin.date.why.in_(language) if origin.date else None,
        "repairs": [{"name": repair.name, "count": repair.count} for repair in document.repairs],
        "warnings": [warning.in_(language) for warning in document.warnings],
        "properties": dict(document.properties),
        "speeches": [asdict(speech) for speech in document.speeches],
        "sentences": [_sentence(document, sentence) for sentence in document.sentences],
        "text": document.text,
    }


def _found(found: Found | None) -> dict[str, Any] | None:
    return {"text": found.text, "start": found.start, "end": found.end} if found else None


def _sentence(document: Document, sentence: Sentence) -> dict[str, Any]:
    return {
        "start": sentence.start,
        "end": sentence.end,
        "clean": sentence.clean,
        "speech": sentence.speech,
        "part": sentence.part.value,
        "noise": sentence.noise.value if sentence.noise else None,
        "marker": sentence.marker,
        "level": sentence.level,
        "path": list(sentence.path),
        "page": document.blocks[sentence.block].page,
        "paragraph": sentence.block + 1,
    }


def _one_line(text: str) -> str:
    return " ".join(text.split())
