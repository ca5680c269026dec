"""Logged rounds as other libraries write them."""

from equipoise.evaluation.offpolicy.formats.open_bandit_pipeline import (
    from_bandit_feedback,
    to_bandit_feedback,
)
from equipoise.evaluation.offpolicy.formats.vowpal_wabbit import from_lines, to_lines

__all__ = ["from_bandit_feedback", "from_lines", "to_bandit_feedback", "to_lines"]
