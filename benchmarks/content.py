"""Items nobody has met: what content makes of them, beside popularity and chance.

    PYTHONPATH=src EQUIPOISE_DATA=../shared/data python benchmarks/content.py --data Beauty

A tenth of the items, drawn by the seed, is hidden: their interactions are neither fitted on nor in histories.
Users whose last item is hidden are asked for it, fitted without the last two items of every user, with a
history of all but the last, and ranked among the hidden items only: models that do not know them are left to
chance there. Two models that are told of everything say what there is to be reached. Attributes (brand,
categories) are the content. Settings were chosen on the second last item. Results are kept by line: a stopped
run goes on.
"""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.item_content import ItemContent
from equipoise.data.split import HeldOut
from equipoise.evaluation.ranking import evaluate_ranking
from equipoise.models import (
    SLIST,
    ContentKNN,
    ContentRegression,
    GatedSASRec,
    ItemKNN,
    Learner,
    Popularity,
    Scorer,
    SegmentPopularity,
    TwoTower,
)
from equipoise.models.dense import DenseScorer
from equipoise.random import derive
from equipoise.types import Bools, Floats

RESULTS = Path(__file__).parent / "results" / "content.jsonl"
SHOWN = ("hr@10", "ndcg@10", "mrr@10")
HIDDEN = 0.1


def learners(content: ItemContent) -> dict[str, Learner]:
    """Return what is compared."""
    return {
        "popularity": Popularity(half_life_days=np.inf),
        "item_knn": ItemKNN(),
        "segment_popularity": SegmentPopularity(content=content),
        "content_knn": ContentKNN(content=content, decay=0.7),
        "content_regression": ContentRegression(content=content, decay=0.8),
        "gated_sasrec": GatedSASRec(content=content, id_dropout=0.2, epochs=40, validation_users=0),
        "two_tower": TwoTower(content=content),
    }


TOLD: dict[str, Learner] = {"item_knn, items not hidden": ItemKNN(), "slist, items not hidden": SLIST()}
"""How well the same questions are answered by models that have met the items: what there is to be reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Among(DenseScorer):
    """A scorer asked for the items `allowed` (n_items,) only; without one, chance."""

    scorer: Scorer | None
    allowed: Bools

    @property
    def n_items(self) -> int:
        """The number of items."""
        return len(self.allowed)

    def score(self, histories: Histories) -> Floats:
        """Return the scores, -inf for what is not allowed."""
        flat = np.zeros((len(histories), self.n_items), np.float32)
        scores = flat if self.scorer is None else self.scorer.score(histories)
        return np.where(self.allowed, scores, np.float32(-np.inf))


def main() -> None:
    options = _options()
    rows, content = _read(options.data)
    for seed in range(options.seeds):
        hidden = derive(seed, "hidden").random(len(content)) < HIDDEN
        later = {"test": 1, "validation": 2}[options.stage]
        for left_out, named in (
            (hidden, {"chance": None, **learners(content)}),
            (np.zeros_like(hidden), TOLD),
        ):
            data, asked = _asked(rows, hidden, left_out, later)
            for name, learner in named.items():
                wanted = not options.models or name in options.models
                done = any((line["model"], line["seed"]) == (name, seed) for line in _lines(options))
                if wanted and not done:
                    found = _measured(name, learner, data, asked, hidden, seed)
                    _keep(options, {"model": name, "seed": seed, **found})
    print(table(list(_lines(options))))


def _measured(
    name: str, learner: Learner | None, data: Interactions, asked: HeldOut, hidden: Bools, seed: int
) -> dict[str, Any]:
    cpu = process_time()
    scorer = None if learner is None else learner.fit(data, rng=derive(seed, name))
    means = evaluate_ranking(Among(scorer=scorer, allowed=hidden), asked, rng=derive(seed, "ties")).means()
    return {
        "hidden": int(hidden.sum()),
        "users": len(asked),
        "cpu_seconds": round(process_time() - cpu, 1),
        **{metric: round(means[metric], 5) for metric in SHOWN},
    }


def table(lines: list[dict[str, Any]]) -> str:
    """Return a row a model: the mean over its seeds, and how far they lie apart."""
    told = [f"| model | {' | '.join(SHOWN)} | CPU s |", "|---" * (len(SHOWN) + 2) + "|"]
    for name in dict.fromkeys(line["model"] for line in lines):
        runs = [line for line in lines if line["model"] == name]
        cells = [
            f"{np.mean([run[m] for run in runs]):.4f} ± {np.std([run[m] for run in runs]):.4f}" for m in SHOWN
        ]
        told.append(f"| {name} | {' | '.join(cells)} | {np.mean([run['cpu_seconds'] for run in runs]):.0f} |")
    return "\n".join(told)


def _lines(options: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for line in options.out.read_text().splitlines() if options.out.exists() else []:
        if line.endswith("}"):
            found = json.loads(line)
            if (found["data"], found["stage"]) == (options.data, options.stage):
                yield found


def _keep(options: argparse.Namespace, line: dict[str, Any]) -> None:
    options.out.parent.mkdir(parents=True, exist_ok=True)
    with options.out.open("a") as out:
        out.write(json.dumps({"data": options.data, "stage": options.stage, **line}) + "\n")
    print(line, flush=True)


def _asked(rows: list[list[int]], hidden: Bools, left_out: Bools, later: int) -> tuple[Interactions, HeldOut]:
    """Return what is fitted on, and who is asked for `hidden` items; those `left_out` are not shown."""
    train = [[item for item in row[: -later - 1] if not left_out[item]] for row in rows]
    asked = [row for row in rows if hidden[row[-later]]]
    histories = [[item for item in row[:-later] if not left_out[item]] for row in asked]
    lengths = [len(row) for row in train]
    data = Interactions(
        users=np.repeat(np.arange(len(rows)), lengths),
        items=Histories.of(train).items,
        times=np.concatenate([np.arange(length) for length in lengths]),
        weights=np.ones(sum(lengths)),
        values=np.zeros(sum(lengths)),
        n_users=len(rows),
        n_items=len(hidden),
    )
    return data, HeldOut(
        users=np.arange(len(asked)),
        histories=Histories.of(histories),
        targets=Histories.of([[row[-later]] for row in asked]),
        values=np.zeros(len(asked)),
    )


def _read(name: str) -> tuple[list[list[int]], ItemContent]:
    folder = Path(os.environ.get("EQUIPOISE_DATA", "../shared/data")) / "amazon"
    lines = (folder / f"{name}.txt").read_text().splitlines()
    told = json.loads((folder / f"{name}_item2attributes.json").read_text())
    rows = [[int(code) - 1 for code in line.split()[1:]] for line in lines]
    n_items = max(max(row) for row in rows) + 1
    return rows, ItemContent.of_tags([told.get(str(item + 1), []) for item in range(n_items)])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", default="Beauty", choices=("Beauty", "Sports_and_Outdoors"))
    parser.add_argument("--stage", choices=("validation", "test"), default="test")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--models", nargs="*", help="only these")
    parser.add_argument("--out", type=Path, default=RESULTS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
