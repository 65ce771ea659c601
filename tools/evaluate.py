"""Print how well tasks are understood: every document drafted with a model that was trained on the others.

    evaluate.py CORPUS [--scorer FILE] [--curve] [--own N]

Whole documents are left out, never sentences. The scorer is `../tools/score.py` beside the corpus. `--curve` also
prints the figures against the number of documents trained on. The documents that the project wrote itself are trained
on too, or N of them; they are never scored.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from corpus import OWN, Example, load_examples, load_scorer
from train import train

from luoshi.drafting.contract import to_json
from luoshi.drafting.drafter import draft

LABELS = ("task", "heading", "title", "principle", "achievement", "problem", "boilerplate")
FIELDS = ("owners", "support", "deadlines", "cadence", "targets")
_state: dict[str, Any] = {}
"""What the worker processes share by forking: the examples and the scorer."""

Figures = dict[str, float | None]


def score_one(job: tuple[int, tuple[int, ...]]) -> tuple[str, Figures]:
    """Draft one document with a model trained on others; return its name and figures."""
    number, trained_on = job
    examples: list[Example] = _state["examples"]
    scorer: ModuleType = _state["scorer"]
    example = examples[number]
    model = train([examples[i] for i in trained_on], _state["own"])
    prediction = to_json(draft(example.document, model=model))
    gold = scorer.gold_document(*example.paths)
    return example.name, flat(scorer.score([(gold, prediction)]))


def flat(score: dict[str, Any]) -> Figures:
    """Return the figures of one document by name; None where the document has nothing of the kind."""
    figures: Figures = {"accuracy": score["accuracy"], "grouping": score["grouping_f1"]}
    for name, row in (*score["labels"].items(), *score["fields"].items()):
        figures[name] = row["f1"] if row["gold"] else None
    for name, share in score["resolved"].items():
        figures[f"{name} right"] = share
    return figures


def mean(values: Sequence[float | None]) -> float | None:
    """Return the mean of what is there."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def shown(value: float | None) -> str:
    """Return a figure in seven columns."""
    return f"{value:7.3f}" if value is not None else "      –"


def print_table(names: Sequence[str], rows: Sequence[tuple[str, Figures]]) -> None:
    """Print the figures document by document, then their mean and the worst document."""
    print(f"{'':34}" + "".join(f"{name[:10]:>11}" for name in names))
    for title, figures in sorted(rows, key=lambda row: row[1].get("task") or 0):
        print(f"{title[:33]:34}" + "".join(f"    {shown(figures.get(name))}" for name in names))
    summaries: tuple[tuple[str, Callable[[list[float | None]], float | None]], ...] = (
        ("mean", mean),
        ("worst document", lambda values: min((value for value in values if value is not None), default=None)),
    )
    for title, reduce in summaries:
        cells = (reduce([figures.get(name) for _, figures in rows]) for name in names)
        print(f"{title:34}" + "".join(f"    {shown(cell)}" for cell in cells))
    print()


def print_whole(rows: Sequence[tuple[str, Figures]]) -> None:
    """Print labels, fields and what was resolved."""
    print("Labels (F1), each document drafted with a model that never saw it")
    print_table(("accuracy", *LABELS), rows)
    print("Fields of tasks (F1), what was resolved right, grouping of sentences (B-cubed F1)")
    print_table((*FIELDS, "deadlines right", "targets right", "grouping"), rows)


def print_curve(count: int, pool: Any) -> None:
    """Print the mean task F1 against the number of documents trained on (the others, in rotation)."""
    print("documents trained on → mean F1 of task, heading, principle, achievement")
    for size in sorted({2, 4, 6, 8, count - 1}):
        jobs = [(i, tuple((i + 1 + k) % count for k in range(size))) for i in range(count)]
        rows = pool.map(score_one, jobs, chunksize=1)
        cells = (
            mean([figures[name] for _, figures in rows]) for name in ("task", "heading", "principle", "achievement")
        )
        print(f"{size:3}" + "".join(shown(cell) for cell in cells))


def main() -> None:
    """Evaluate on a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--scorer", type=Path)
    parser.add_argument("--curve", action="store_true")
    parser.add_argument("--own", type=int, metavar="N", help="train with only N of our own documents")
    options = parser.parse_args()
    _state["examples"] = load_examples(options.corpus)
    _state["own"] = load_examples(OWN)[: options.own]
    _state["scorer"] = load_scorer(options.scorer or options.corpus.parent / "tools" / "score.py")
    count = len(_state["examples"])
    with multiprocessing.get_context("fork").Pool() as pool:
        everyone = range(count)
        jobs = [(i, tuple(k for k in everyone if k != i)) for i in everyone]
        print_whole(pool.map(score_one, jobs, chunksize=1))
        if options.curve:
            print_curve(count, pool)


if __name__ == "__main__":
    main()
