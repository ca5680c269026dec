"""Replay of real logs by rejection sampling."""

from equipoise.simulation.replay.kuairand import KuaiRandReplay
from equipoise.simulation.replay.log import Log, evened
from equipoise.simulation.replay.movielens import MovieLensReplay
from equipoise.simulation.replay.open_bandit import OpenBanditReplay
from equipoise.simulation.replay.replay import Replay

__all__ = ["KuaiRandReplay", "Log", "MovieLensReplay", "OpenBanditReplay", "Replay", "evened"]
