"""Scores to a slate and its probability."""

from equipoise.policies.bagging import Bagging, BaggingPolicy
from equipoise.policies.cover import Cover, CoverPolicy
from equipoise.policies.discounted_lin_ucb import DiscountedLinUCB, DiscountedLinUCBPolicy
from equipoise.policies.fast_cb import FastCB, FastCBPolicy
from equipoise.policies.greedy import Greedy, GreedyPolicy
from equipoise.policies.lin_boltzmann import LinBoltzmann, LinBoltzmannPolicy
from equipoise.policies.lin_greedy import LinGreedy, LinGreedyPolicy
from equipoise.policies.lin_ids import LinIDS, LinIDSPolicy
from equipoise.policies.lin_thompson import LinThompson, LinThompsonPolicy
from equipoise.policies.lin_ucb import LinUCB, LinUCBPolicy
from equipoise.policies.logistic_thompson import LogisticThompson, LogisticThompsonPolicy
from equipoise.policies.neural_linear import NeuralLinear, NeuralLinearPolicy
from equipoise.policies.policy import NOTHING, LearningPolicy, Options, Policy, Slates
from equipoise.policies.reg_cb import RegCB, RegCBPolicy
from equipoise.policies.registry import PolicyConfig, named
from equipoise.policies.sampler import SlotBySlot
from equipoise.policies.square_cb import SquareCB, SquareCBPolicy
from equipoise.policies.uniform import Uniform, UniformPolicy
from equipoise.policies.windowed_lin_ucb import WindowedLinUCB, WindowedLinUCBPolicy

__all__ = [
    "NOTHING",
    "Bagging",
    "BaggingPolicy",
    "Cover",
    "CoverPolicy",
    "DiscountedLinUCB",
    "DiscountedLinUCBPolicy",
    "FastCB",
    "FastCBPolicy",
    "Greedy",
    "GreedyPolicy",
    "LearningPolicy",
    "LinBoltzmann",
    "LinBoltzmannPolicy",
    "LinGreedy",
    "LinGreedyPolicy",
    "LinIDS",
    "LinIDSPolicy",
    "LinThompson",
    "LinThompsonPolicy",
    "LinUCB",
    "LinUCBPolicy",
    "LogisticThompson",
    "LogisticThompsonPolicy",
    "NeuralLinear",
    "NeuralLinearPolicy",
    "Options",
    "Policy",
    "PolicyConfig",
    "RegCB",
    "RegCBPolicy",
    "Slates",
    "SlotBySlot",
    "SquareCB",
    "SquareCBPolicy",
    "Uniform",
    "UniformPolicy",
    "WindowedLinUCB",
    "WindowedLinUCBPolicy",
    "named",
]
