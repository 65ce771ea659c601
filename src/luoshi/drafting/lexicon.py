"""The word classes of `data/words.txt`."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

__all__ = ["word_classes"]


@lru_cache(maxsize=1)
def word_classes() -> dict[str, tuple[str, ...]]:
    """Return the words of every class, in the order of the file."""
    classes: dict[str, list[str]] = {}
    name = ""
    text = resources.files("luoshi.drafting").joinpath("data/words.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            classes.setdefault(name, []).extend(line.split())
    return {name: tuple(words) for name, words in classes.items()}
