"""Scores to a slate and its probability."""

from equipoise.policies.greedy import Greedy, GreedyPolicy
from equipoise.policies.limited import Limited
from equipoise.policies.lin_boltzmann import LinBoltzmann, LinBoltzmannPolicy
from equipoise.policies.lin_greedy import LinGreedy, LinGreedyPolicy
from equipoise.policies.policy import NOTHING, LearningPolicy, Options, Policy, Slates
from equipoise.policies.registry import PolicyConfig, named
from equipoise.policies.sampler import SlotBySlot
from equipoise.policies.uniform import Uniform, UniformPolicy

__all__ = [
    "NOTHING",
    "Greedy",
    "GreedyPolicy",
    "LearningPolicy",
    "Limited",
    "LinBoltzmann",
    "LinBoltzmannPolicy",
    "LinGreedy",
    "LinGreedyPolicy",
    "Options",
    "Policy",
    "PolicyConfig",
    "Slates",
    "SlotBySlot",
    "Uniform",
    "UniformPolicy",
    "named",
]
