"""What tells how much exploring is worth now: each signal cheap, bounded in memory, and readable."""

from equipoise.balance.signals.drift import Drift, DriftReading, DriftSignal, Watchful
from equipoise.balance.signals.newness import Newness, NewnessReading
from equipoise.balance.signals.stage import Stage, stage_of
from equipoise.balance.signals.stake import Stake, StakeReading
from equipoise.balance.signals.traffic import Traffic, TrafficReading

__all__ = [
    "Drift",
    "DriftReading",
    "DriftSignal",
    "Newness",
    "NewnessReading",
    "Stage",
    "Stake",
    "StakeReading",
    "Traffic",
    "TrafficReading",
    "Watchful",
    "stage_of",
]
