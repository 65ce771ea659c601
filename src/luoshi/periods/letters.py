"""Classes of characters for patterns, written so that they compile fast."""

from __future__ import annotations

from typing import Final

__all__ = ["HAN", "HAN_OR_DIGIT"]

_OTHERS: Final = r"_a-zA-Z\u2150-\u27ff\u3200-\u33ff\uff00-\uffef"
HAN: Final = rf"[^\W\d{_OTHERS}]"
"""A Chinese character. What is no other letter, digit or sign: a range of twenty thousand is compiled one by one."""

HAN_OR_DIGIT: Final = rf"[^\W{_OTHERS}]"
