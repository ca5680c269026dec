"""The metrics of models as a picture: one panel a metric, one bar a model, 95% intervals over users."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from equipoise.errors import BadInputError, MissingExtraError
from equipoise.training.contest import Outcome

_PANELS = ("ndcg", "recall", "mrr", "hr")


def plot_standings(path: Path, outcomes: Sequence[Outcome], k: int) -> None:
    """Draw the metrics at `k` into `path`, in the format that its ending names."""
    try:
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingExtraError("plot", "drawing a plot") from error
    models = list(dict.fromkeys(outcome.entry.label for outcome in outcomes))
    figure = Figure(figsize=(3.2 * len(_PANELS), 1.2 + 0.4 * len(models)), layout="constrained")
    axes = figure.subplots(1, len(_PANELS), sharey=True, squeeze=False)[0]
    for panel, name in zip(axes, _PANELS, strict=True):
        bars = [
            _bar([one for one in outcomes if one.entry.label == model], f"{name}@{k}") for model in models
        ]
        means, halves = np.array(bars).T
        panel.barh(models, means, xerr=halves, color="#4878a8", ecolor="#333333", capsize=3)
        panel.set_title(f"{name}@{k}")
        panel.grid(axis="x", alpha=0.3)
        panel.set_axisbelow(True)
    axes[0].invert_yaxis()
    try:
        figure.savefig(path, dpi=150)
    except (OSError, ValueError) as error:
        raise BadInputError("--plot", f"cannot write {path}: {error}; end it in .png or .svg") from error


def _bar(mine: Sequence[Outcome], metric: str) -> tuple[float, float]:
    """Return the mean over seeds and folds, and half of the 95% interval of one of them over its users."""
    ends = [one.ranking.interval(metric) for one in mine]
    halves = [(high - low) / 2 for low, high in ends if np.isfinite(high - low)]
    mean = float(np.mean([one.ranking.means()[metric] for one in mine]))
    return mean, float(np.mean(halves)) if halves else 0.0
