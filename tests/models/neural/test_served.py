"""What is fitted in PyTorch is served without it."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

from equipoise.artifact import save_artifact
from equipoise.models.neural.backends.on_torch import OnTorch
from equipoise.models.neural.scorer import ages
from equipoise.models.neural.tree import mapped

from .nets import LEARNERS, N_ITEMS, scorer, weights

SERVER = """
import sys
sys.modules["torch"] = None  # importing it is an error from here on
import numpy as np
from pathlib import Path
from equipoise.artifact import load_artifact
from equipoise.data.histories import Histories
from equipoise.models.neural.scorer import SequenceScorer
for path in sorted(Path(sys.argv[1]).iterdir()):
    scores = load_artifact(SequenceScorer, path).score(Histories.of([[1, 2, 3, 4, 5], [7, 0]]))
    np.save(Path(sys.argv[2]) / f"{path.name}.npy", scores)
"""


def by_torch(name: str, history: list[int]) -> np.ndarray:
    """Return the scores of every item as training computes them, (n_items,)."""
    learnt = mapped(weights(name), torch.from_numpy)
    length = len(history)
    x = learnt.items[torch.tensor([history])] * learnt.items.shape[1] ** 0.5
    vectors = learnt.net(x, ages(np.array([length]), length), OnTorch(0.0))[0, -1]
    return np.asarray((learnt.items @ vectors + learnt.bias).numpy())


def test_an_artifact_scores_as_pytorch_did_where_there_is_none(tmp_path: Path) -> None:
    for name in LEARNERS:
        save_artifact(scorer(name, unit=False), tmp_path / "artifacts" / name)
    (tmp_path / "scores").mkdir()
    command = [sys.executable, "-c", SERVER, str(tmp_path / "artifacts"), str(tmp_path / "scores")]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": "src"}, check=True, timeout=120)
    for name in LEARNERS:
        served = np.load(tmp_path / "scores" / f"{name}.npy")
        expected = np.stack([by_torch(name, [1, 2, 3, 4, 5]), by_torch(name, [7, 0])])
        assert served.shape == (2, N_ITEMS)
        np.testing.assert_allclose(served, expected, atol=1e-4)
