"""Rows whose truth is known."""

from collections.abc import Iterator

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped,unused-ignore]

from equipoise.data.histories import Histories
from equipoise.data.impressions import RankingRows, Schema
from equipoise.data.vocabulary import Vocabulary
from equipoise.random import derive
from equipoise.types import Floats, Ints

N, SIZE = 6000, 6
HALF = N // 2


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    torch.set_num_threads(1)
    with threadpool_limits(1):
        yield


class Planted:
    """Two numbers, two categories and a history, drawn evenly; the logit is what a test makes of them."""

    def __init__(self) -> None:
        rng = derive(7)
        self.numbers: Floats = rng.uniform(-1, 1, (N, 2))
        self.codes: Ints = rng.integers(0, SIZE, (N, 2))
        self.met: Ints = rng.integers(0, SIZE, (N, 4))
        self.luck: Floats = rng.random(N)

    def rows(self, logits: Floats) -> RankingRows:
        """Return rows whose outcome has these `logits`."""
        words = Vocabulary(tuple("abcdef"))
        return RankingRows(
            schema=Schema(
                numeric=("x", "y"),
                categorical=("user", "item"),
                vocabularies=(words, words),
                targets=("click",),
                n_items=SIZE,
            ),
            numeric=self.numbers.astype(np.float32),
            categorical=self.codes,
            targets=(self.luck < 1 / (1 + np.exp(-logits)))[:, None].astype(np.float32),
            times=np.arange(N),
            users=np.arange(N),
            histories=Histories.of(list(self.met)),
            kinds=np.zeros(N * 4, np.int64),
        )


@pytest.fixture(scope="session")
def planted() -> Planted:
    return Planted()
