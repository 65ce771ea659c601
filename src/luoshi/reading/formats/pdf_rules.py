"""The ruled lines of a pdf page: what is drawn level or upright, as strokes or as thin filled boxes."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from luoshi.reading.formats.grids import Rule

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["page_rules"]

_MOST_OBJECTS: Final = 20_000
_MOST_SEGMENTS: Final = 200
"""Lines of one path; a drawing of more is no table."""
_THIN: Final = 2.5
_SHORT: Final = 4.0
_STRAIGHT: Final = 0.6

Point = tuple[float, float]


def page_rules(page: pypdfium2.PdfPage) -> list[Rule]:
    """Return the ruled lines of an upright page; those inside reused drawings are not looked for."""
    from pypdfium2 import raw  # noqa: PLC0415 — heavy, and not every run needs it

    left, _, _, top = page.get_cropbox()
    rules: list[Rule] = []
    for path in islice(page.get_objects(max_depth=1), _MOST_OBJECTS):
        if path.type == raw.FPDF_PAGEOBJ_PATH:
            rules += [_moved(rule, left, top) for rule in _rules_of(path)]
    return rules


def _moved(rule: Rule, left: float, top: float) -> Rule:
    """Turn a line of the page's own coordinates into one whose y grows downwards from the upper edge."""
    if rule.level:
        return Rule(True, top - rule.at, rule.start - left, rule.end - left)
    return Rule(False, rule.at - left, top - rule.end, top - rule.start)


def _rules_of(path: pypdfium2.PdfObject) -> Iterator[Rule]:
    from pypdfium2 import raw  # noqa: PLC0415 — heavy, and not every run needs it

    if raw.FPDFPath_CountSegments(path) > _MOST_SEGMENTS:
        return
    fill, stroke = ctypes.c_int(), raw.FPDF_BOOL()
    if not raw.FPDFPath_GetDrawMode(path, fill, stroke) or not (fill.value or stroke.value):
        return
    for points in _outlines(path):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        width, height = max(xs) - min(xs), max(ys) - min(ys)
        if min(width, height) <= _THIN:
            if height <= width and width >= _SHORT:
                yield Rule(True, (min(ys) + max(ys)) / 2, min(xs), max(xs))
            elif height >= _SHORT:
                yield Rule(False, (min(xs) + max(xs)) / 2, min(ys), max(ys))
        elif stroke.value:
            yield from _sides(points)


def _sides(points: list[Point]) -> Iterator[Rule]:
    for (x, y), (to_x, to_y) in pairwise(points):
        if abs(y - to_y) <= _STRAIGHT and abs(x - to_x) >= _SHORT:
            yield Rule(True, y, min(x, to_x), max(x, to_x))
        elif abs(x - to_x) <= _STRAIGHT and abs(y - to_y) >= _SHORT:
            yield Rule(False, x, min(y, to_y), max(y, to_y))


def _outlines(path: pypdfium2.PdfObject) -> Iterator[list[Point]]:
    """Return the corners of each outline of a path, in the page's coordinates; curves count as straight."""
    from pypdfium2 import raw  # noqa: PLC0415 — heavy, and not every run needs it

    matrix = path.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[Point] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        if not raw.FPDFPathSegment_GetPoint(segment, x, y):
            continue
        point = matrix.on_point(x.value, y.value)
        if not all(math.isfinite(value) and abs(value) < 1e6 for value in point):
            return
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(point)
        if raw.FPDFPathSegment_GetClose(segment):
            yield [*points, points[0]]
            points = []
    if points:
        yield points
