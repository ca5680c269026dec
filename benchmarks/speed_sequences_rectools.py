"""RecTools' SASRec on Beauty, an epoch at a time; run by `speed_sequences.py` in an environment of its own.

    python speed_sequences_rectools.py Beauty.txt 3600

Prints `epoch N processor_seconds ndcg@10` until the seconds are spent.
"""

import sys
from pathlib import Path
from time import process_time

import numpy as np
import pandas as pd
import torch
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import SASRecModel


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(1)
    rows = [line.split()[1:] for line in Path(sys.argv[1]).read_text().splitlines()]
    learnt = pd.DataFrame(
        [(user, item, 1.0, place) for user, row in enumerate(rows) for place, item in enumerate(row[:-2])],
        columns=[Columns.User, Columns.Item, Columns.Weight, Columns.Datetime],
    )
    learnt[Columns.Datetime] = pd.to_datetime(learnt[Columns.Datetime], unit="D")
    data = Dataset.construct(learnt)
    model = SASRecModel(
        n_blocks=1,
        n_heads=1,
        n_factors=64,
        dropout_rate=0.2,
        session_max_len=20,
        loss="sampled_softmax",
        n_negatives=256,
        batch_size=128,
        lr=1e-3,
        recommend_torch_device="cpu",
    )
    goals = {user: row[-2] for user, row in enumerate(rows)}
    spent, epoch = 0.0, 0
    while spent < float(sys.argv[2]):
        begun = process_time()
        model.fit_partial(data, min_epochs=1, max_epochs=1)
        spent, epoch = spent + process_time() - begun, epoch + 1
        print("epoch", epoch, round(spent, 2), round(ndcg(model, data, goals), 5), flush=True)


def ndcg(model: SASRecModel, data: Dataset, goals: dict[int, str]) -> float:
    """Return the mean NDCG@10 of one answer each."""
    found = model.recommend(users=list(goals), dataset=data, k=10, filter_viewed=True)
    hit = found[Columns.Item].to_numpy() == found[Columns.User].map(goals).to_numpy()
    return float((1 / np.log2(found[Columns.Rank].to_numpy()[hit] + 1)).sum() / len(goals))


if __name__ == "__main__":
    main()
