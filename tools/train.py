"""Train the label model on a labelled corpus and write the weights that the package ships.

    train.py CORPUS [-o FILE]

CORPUS holds `text/`, `sentences/` and `labels/`. The same corpus and code give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import Example, load_examples

from luoshi import __version__
from luoshi.drafting.model import WEIGHTS_FILE, Model, dump

ITERATIONS = 100
RIDGE = 1.0
SMALLEST = 0.02
"""Weights below this are left out: they change no decision worth having and make up half of the file."""


def train(examples: list[Example]) -> Model:
    """Return the model that fits the examples; each document is one sequence."""
    import pycrfsuite  # noqa: PLC0415 — only training needs it

    trainer = pycrfsuite.Trainer(verbose=False)
    for example in examples:
        trainer.append(example.features, example.labels)
    trainer.set_params({"c1": 0, "c2": RIDGE, "max_iterations": ITERATIONS, "feature.possible_transitions": True})
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "model")
        trainer.train(file)
        tagger = pycrfsuite.Tagger()
        tagger.open(file)
        info = tagger.info()
        tagger.close()
    labels = tuple(sorted({label for example in examples for label in example.labels}))
    index = {label: number for number, label in enumerate(labels)}
    weights: dict[str, list[tuple[int, float]]] = {}
    for (feature, label), weight in sorted(info.state_features.items()):
        if abs(weight) >= SMALLEST:
            weights.setdefault(feature, []).append((index[label], weight))
    transitions = tuple(tuple(info.transitions.get((a, b), 0.0) for b in labels) for a in labels)
    return Model(__version__, labels, transitions, {key: tuple(pairs) for key, pairs in weights.items()})


def main() -> None:
    """Train on the whole corpus and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("src/luoshi/drafting") / WEIGHTS_FILE)
    options = parser.parse_args()
    examples = load_examples(options.corpus)
    model = train(examples)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(dump(model))
    sentences = sum(len(example.labels) for example in examples)
    print(
        f"{len(examples)} documents, {sentences} sentences, {len(model.weights)} features, "
        f"{options.output.stat().st_size / 1e6:.2f} MB in {options.output}"
    )


if __name__ == "__main__":
    main()
