"""Every net in a tiny size, with weights that are not those of the start."""

from dataclasses import replace

import numpy as np

from equipoise.models import GRU, LSTM, Caser, GatedSASRec, SASRec
from equipoise.models.neural.scorer import SequenceScorer
from equipoise.models.neural.sequence_learner import SequenceLearner
from equipoise.models.neural.tree import mapped
from equipoise.models.neural.weights import Weights
from equipoise.random import derive

N_ITEMS, LENGTH, SIZE = 12, 5, 8
LEARNERS: dict[str, SequenceLearner] = {
    "sasrec": SASRec(embedding_size=SIZE, length=LENGTH, blocks=2),
    "gated_sasrec": GatedSASRec(embedding_size=SIZE, length=LENGTH, blocks=2, heads=2),
    "gru": GRU(embedding_size=SIZE, length=LENGTH, hidden_size=6),
    "lstm": LSTM(embedding_size=SIZE, length=LENGTH, hidden_size=6),
    "caser": Caser(embedding_size=SIZE, length=LENGTH, window=3, filters=4),
}


def weights(name: str) -> Weights:
    rng = derive(2, name)
    items = rng.normal(size=(N_ITEMS, SIZE)).astype(np.float32)
    start = Weights.start(items, rng.normal(size=N_ITEMS), LEARNERS[name].net(rng), n_terms=0, rng=rng)
    return mapped(start, lambda array: array + rng.normal(0, 0.3, array.shape).astype(np.float32))


def scorer(name: str, *, unit: bool = True) -> SequenceScorer:
    met = np.ones(N_ITEMS, np.bool_)
    return replace(weights(name).exported(None, met, length=LENGTH, unit=unit))
