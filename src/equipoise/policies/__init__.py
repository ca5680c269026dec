"""Scores to a slate and its probability."""

from equipoise.policies.bank_greedy import BankGreedy, BankGreedyPolicy
from equipoise.policies.bank_thompson import BankThompson, BankThompsonPolicy
from equipoise.policies.greedy import Greedy, GreedyPolicy
from equipoise.policies.lin_boltzmann import LinBoltzmann, LinBoltzmannPolicy
from equipoise.policies.lin_greedy import LinGreedy, LinGreedyPolicy
from equipoise.policies.policy import NOTHING, LearningPolicy, Options, Policy, Slates
from equipoise.policies.registry import PolicyConfig, named
from equipoise.policies.sampler import SlotBySlot
from equipoise.policies.uniform import Uniform, UniformPolicy

__all__ = [
    "NOTHING",
    "BankGreedy",
    "BankGreedyPolicy",
    "BankThompson",
    "BankThompsonPolicy",
    "Greedy",
    "GreedyPolicy",
    "LearningPolicy",
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
