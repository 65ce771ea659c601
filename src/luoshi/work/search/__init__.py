"""Searching for matters: an index that follows every act, and the same answer on both databases."""

from luoshi.work.search.finding import MOST_COUNTED, Found, Page, find
from luoshi.work.search.rare import Text, Tokens, holders, these, wordings
from luoshi.work.search.texts import index, index_many, rebuild

__all__ = [
    "MOST_COUNTED",
    "Found",
    "Page",
    "Text",
    "Tokens",
    "find",
    "holders",
    "index",
    "index_many",
    "rebuild",
    "these",
    "wordings",
]
