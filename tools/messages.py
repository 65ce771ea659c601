"""Keep the English catalogue: collect what pages say, find what has no English, write the compiled catalogue.

    python tools/messages.py           merge fragments, drop what nobody says any more, compile, list what is missing
    python tools/messages.py --check   change nothing; fail where something is missing, left over or not compiled

Chinese is the language of the source, so it needs no catalogue. No program of the system is needed: Babel reads
Python, Django turns templates into calls, polib writes.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import polib
from babel.messages.extract import extract_from_file
from django.conf import settings
from django.utils.translation.template import templatize

ROOT: Final = Path(__file__).parent.parent
SOURCE: Final = ROOT / "src" / "luoshi"
ENGLISH: Final = SOURCE / "web" / "locale" / "en"
CATALOGUE: Final = ENGLISH / "LC_MESSAGES" / "django.po"
COMPILED: Final = CATALOGUE.with_suffix(".mo")

_PLAIN: Final = ("_", "_g", "gettext", "gettext_lazy", "gettext_noop")
_KEYWORDS: Final = {
    **dict.fromkeys(_PLAIN, None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("_p", "pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_STRING: Final = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_CALL: Final = re.compile(
    rf"\b(?P<name>_|n?p?gettext)\(\s*(?P<first>{_STRING})(?:\s*,\s*(?P<second>{_STRING}))?(?:\s*,\s*(?P<third>{_STRING}))?"
)


class Message(NamedTuple):
    """One thing that the product says: its context, the Chinese, and the Chinese of the plural where there is one."""

    context: str | None
    text: str
    plural: str | None = None


def said() -> dict[Message, list[str]]:
    """Return everything that the product says to people through the catalogue, with where it says it."""
    found: dict[Message, list[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            _take(found, path, _in_python(path))
    settings.configure(USE_I18N=True) if not settings.configured else None
    for path in sorted(SOURCE.rglob("*.html")):
        _take(found, path, _in_template(path))
    return found


def _take(found: dict[Message, list[str]], path: Path, messages: Iterator[Message]) -> None:
    for message in messages:
        found.setdefault(message, []).append(path.relative_to(ROOT).as_posix())


def _in_python(path: Path) -> Iterator[Message]:
    for _line, text, _comments, context in extract_from_file("python", path, keywords=_KEYWORDS):
        if isinstance(text, tuple):
            yield Message(context, text[0], text[1])
        elif text:
            yield Message(context, text)


def _in_template(path: Path) -> Iterator[Message]:
    for match in _CALL.finditer(templatize(path.read_text(encoding="utf-8"), origin=str(path))):
        name = match["name"]
        words = [ast.literal_eval(match[part]) for part in ("first", "second", "third") if match[part]]
        context = words.pop(0) if name.startswith(("p", "np")) else None
        yield Message(context, words[0], words[1] if name.startswith("n") else None)


def merged() -> tuple[polib.POFile, list[str]]:
    """Return the catalogue as it should be, and what is wrong with it, one line each."""
    known = {(entry.msgctxt, entry.msgid): entry for entry in _entries()}
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "en",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    wrong: list[str] = []
    for message, places in sorted(said().items(), key=lambda item: (item[0].text, item[0].context or "")):
        entry = known.get((message.context, message.text)) or known.get((None, message.text))
        wrong += [f"no English ({places[0]}): {message.text!r}"] if not _translated(entry, message) else []
        catalogue.append(_entry(message, entry))
    return catalogue, wrong + [line for entry in catalogue for line in _faults(entry)]


def _entries() -> Iterator[polib.POEntry]:
    """Yield what is translated so far; the fragments, which are newer, come last and win."""
    for path in (CATALOGUE, *sorted((ENGLISH / "fragments").glob("*.po"))):
        if path.exists():
            yield from (entry for entry in polib.pofile(str(path)) if not entry.obsolete)


def _translated(entry: polib.POEntry | None, message: Message) -> bool:
    if entry is None:
        return False
    return all(entry.msgstr_plural.values()) if message.plural and entry.msgstr_plural else bool(entry.msgstr)


def _entry(message: Message, old: polib.POEntry | None) -> polib.POEntry:
    if message.plural is None:
        return polib.POEntry(msgctxt=message.context, msgid=message.text, msgstr=old.msgstr if old else "")
    plural = {0: "", 1: ""} if old is None else old.msgstr_plural or {0: old.msgstr, 1: old.msgstr}
    return polib.POEntry(
        msgctxt=message.context, msgid=message.text, msgid_plural=message.plural, msgstr_plural=dict(plural)
    )


def _faults(entry: polib.POEntry) -> Iterator[str]:
    said_ = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
    names = set(re.findall(r"%\((\w+)\)|\{(\w*)\}", entry.msgid + entry.msgid_plural))
    for text in filter(None, said_):
        if set(re.findall(r"%\((\w+)\)|\{(\w*)\}", text)) - names:
            yield f"names differ: {entry.msgid!r} / {text!r}"
        if re.search(r"[\u4e00-\u9fff]", text) and entry.msgid != "中文":
            yield f"not English: {entry.msgid!r} / {text!r}"
    if entry.fuzzy:
        yield f"unsure: {entry.msgid!r}"


def compiled(catalogue: polib.POFile) -> bytes:
    """Return the catalogue as gettext reads it."""
    return bytes(catalogue.to_binary())


def main() -> int:
    """Do what the module's own words say; return the exit code."""
    check = "--check" in sys.argv[1:]
    catalogue, wrong = merged()
    if check:
        if not CATALOGUE.exists() or str(polib.pofile(str(CATALOGUE), wrapwidth=110)) != str(catalogue):
            wrong.append("the catalogue is not what the sources say: run python tools/messages.py")
        elif COMPILED.read_bytes() != compiled(catalogue):
            wrong.append("the compiled catalogue is old: run python tools/messages.py")
        wrong += [f"left over: {path}" for path in sorted((ENGLISH / "fragments").glob("*.po"))]
    else:
        CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(CATALOGUE))
        COMPILED.write_bytes(compiled(catalogue))
        for path in (ENGLISH / "fragments").glob("*.po"):
            path.unlink()
    for line in wrong:
        print(line)
    print(f"{len(catalogue)} sayings, {len(wrong)} to mend")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
