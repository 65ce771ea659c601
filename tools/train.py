"""Train the label model on a labelled corpus and write the weights that the package ships.

    train.py CORPUS [-o FILE]

CORPUS holds `text/`, `sentences/` and `labels/`; the documents that the project wrote itself (`examples/labelled`)
are added. The same corpus and code give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpus import OWN, Example, load_examples

from luoshi import __version__
from luoshi.drafting.model import WEIGHTS_FILE, Model, dump

ITERATIONS = 70
"""Stopping early costs nothing on documents left out, and gives smaller weights."""
RIDGE = 2.0
DOCUMENTS = 2
"""A feature must occur in so many documents: what only one holds says nothing about others."""
STRENGTH = {"<": 0.5, ">": 0.5}
"""What a feature of a family counts (1 where none is named): a smaller number means smaller weights."""
SMALLEST = 0.02
"""Weights below this are left out: they change no decision worth having and make up half of the file."""


def shared_features(examples: list[Example]) -> dict[str, float]:
    """Return the features that occur in several documents, and what each counts."""
    documents = Counter(name for example in examples for name in {name for row in example.features for name in row})
    return {name: STRENGTH.get(name[0], 1.0) for name, count in documents.items() if count >= DOCUMENTS}


def train(corpus: list[Example], own: list[Example]) -> Model:
    """Return the model that fits a corpus and our own documents; each document is one sequence."""
    import pycrfsuite  # noqa: PLC0415 — only training needs it

    examples = [*corpus, *own]
    kept = shared_features(examples)
    trainer = pycrfsuite.Trainer(verbose=False)
    for example in examples:
        trainer.append([{name: kept[name] for name in row if name in kept} for row in example.features], example.labels)
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
    for (feature, label), raw in sorted(info.state_features.items()):
        weight = raw * kept[feature]
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
    corpus, own = load_examples(options.corpus), load_examples(OWN)
    model = train(corpus, own)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_bytes(dump(model))
    sentences = sum(len(example.labels) for example in (*corpus, *own))
    print(
        f"{len(corpus)} documents and {len(own)} of our own, {sentences} sentences, {len(model.weights)} features, "
        f"{options.output.stat().st_size / 1e6:.2f} MB in {options.output}"
    )


if __name__ == "__main__":
    main()
