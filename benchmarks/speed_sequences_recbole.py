"""A sequence model of RecBole on Beauty, an epoch at a time; run by `speed_sequences.py` in an environment of
its own.

    python speed_sequences_recbole.py Beauty.txt 3600 SASRec

Prints `epoch N processor_seconds ndcg@10` until the seconds are spent. RecBole's own evaluation of sequences
does not leave out what was seen, so the questions are put here.
"""

import sys
import tempfile
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import torch
from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.data.interaction import Interaction
from recbole.utils import get_model, get_trainer, init_seed

LENGTH = 20


def main() -> None:
    torch.set_num_threads(1)
    rows = [line.split()[1:] for line in Path(sys.argv[1]).read_text().splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        config = configured(sys.argv[3], Path(folder), rows)
        init_seed(1, True)
        dataset = create_dataset(config)
        train, _, _ = data_preparation(config, dataset)
        model = get_model(config["model"])(config, train.dataset)
        trainer = get_trainer(config["MODEL_TYPE"], config["model"])(config, model)
        codes = [[int(dataset.token2id("item_id", item)) for item in row] for row in rows]
        spent, epoch = 0.0, 0
        while spent < float(sys.argv[2]):
            begun = process_time()
            trainer._train_epoch(train, epoch, show_progress=False)
            spent, epoch = spent + process_time() - begun, epoch + 1
            print("epoch", epoch, round(spent, 2), round(ndcg(model, codes), 5), flush=True)


def configured(name: str, folder: Path, rows: list[list[str]]) -> Config:
    """Write the data as RecBole reads it, and return its settings: the defaults of the model, 64 wide."""
    lines = ["user_id:token\titem_id:token\ttimestamp:float"]
    lines += [f"{user}\t{item}\t{place}" for user, row in enumerate(rows) for place, item in enumerate(row)]
    (folder / "beauty").mkdir()
    (folder / "beauty" / "beauty.inter").write_text("\n".join(lines) + "\n")
    settings = {
        "data_path": str(folder),
        "load_col": {"inter": ["user_id", "item_id", "timestamp"]},
        "MAX_ITEM_LIST_LENGTH": LENGTH,
        "eval_args": {"split": {"LS": "valid_and_test"}, "order": "TO", "mode": "full"},
        "train_neg_sample_args": None,
        "use_gpu": False,
        "show_progress": False,
        "log_wandb": False,
        "checkpoint_dir": str(folder),
        "hidden_size": 64,
        "embedding_size": 64,
    }
    # RecBole reads the command line too.
    sys.argv, given = sys.argv[:1], sys.argv
    config = Config(model=name, dataset="beauty", config_dict=settings)
    sys.argv = given
    return config


def ndcg(model: Any, rows: list[list[int]]) -> float:
    """Return the mean NDCG@10 of the last but one item of each row, what is before it left out."""
    model.eval()
    total = 0.0
    for begun in range(0, len(rows), 512):
        some = rows[begun : begun + 512]
        read = [row[:-2][-LENGTH:] for row in some]
        filled = torch.tensor([row + [0] * (LENGTH - len(row)) for row in read])
        asked = Interaction({"item_id_list": filled, "item_length": torch.tensor([len(row) for row in read])})
        with torch.no_grad():
            scores = model.full_sort_predict(asked).numpy()
        scores[:, 0] = -np.inf
        for place, row in enumerate(some):
            scores[place, row[:-2]] = -np.inf
            above = int((scores[place] > scores[place, row[-2]]).sum())
            total += 1 / np.log2(above + 2) if above < 10 and row[-2] not in row[:-2] else 0.0
    return total / len(rows)


if __name__ == "__main__":
    main()
