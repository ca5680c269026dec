"""How good predicted probabilities are: accuracy, AUC, log-loss and calibration, with intervals."""

from equipoise.evaluation.prediction.judge import Figure, Judge
from equipoise.evaluation.prediction.metrics import (
    LOWER_IS_BETTER,
    METRICS,
    accuracy,
    auc,
    calibration_error,
    log_loss,
)

__all__ = [
    "LOWER_IS_BETTER",
    "METRICS",
    "Figure",
    "Judge",
    "accuracy",
    "auc",
    "calibration_error",
    "log_loss",
]
