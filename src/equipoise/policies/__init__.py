"""Scores to a slate and its probability."""

from equipoise.policies.bagging import Bagging, BaggingPolicy
from equipoise.policies.bank_greedy import BankGreedy, BankGreedyPolicy
from equipoise.policies.beta_thompson import BetaThompson, BetaThompsonPolicy
from equipoise.policies.by_place import ByPlace, ByPlacePolicy
from equipoise.policies.corral import Corral, CorralPolicy
from equipoise.policies.cover import Cover, CoverPolicy
from equipoise.policies.discounted_lin_ucb import DiscountedLinUCB, DiscountedLinUCBPolicy
from equipoise.policies.dpp import Dpp, DppPolicy
from equipoise.policies.epsilon_decaying import EpsilonDecaying, EpsilonDecayingPolicy
from equipoise.policies.epsilon_greedy import EpsilonGreedy, EpsilonGreedyPolicy
from equipoise.policies.exp4 import Exp4, Exp4Policy
from equipoise.policies.fast_cb import FastCB, FastCBPolicy
from equipoise.policies.gaussian_thompson import GaussianThompson, GaussianThompsonPolicy
from equipoise.policies.greedy import Greedy, GreedyPolicy
from equipoise.policies.introducing import Introducing
from equipoise.policies.kl_ucb import KlUcb, KlUcbPolicy
from equipoise.policies.limited import Limited
from equipoise.policies.lin_boltzmann import LinBoltzmann, LinBoltzmannPolicy
from equipoise.policies.lin_greedy import LinGreedy, LinGreedyPolicy
from equipoise.policies.lin_ids import LinIDS, LinIDSPolicy
from equipoise.policies.lin_thompson import LinThompson, LinThompsonPolicy
from equipoise.policies.lin_ucb import LinUCB, LinUCBPolicy
from equipoise.policies.logistic_thompson import LogisticThompson, LogisticThompsonPolicy
from equipoise.policies.looking_ahead import LookingAhead
from equipoise.policies.mmr import Mmr, MmrPolicy
from equipoise.policies.neural_linear import NeuralLinear, NeuralLinearPolicy
from equipoise.policies.policy import NOTHING, LearningPolicy, Options, Policy, Slates
from equipoise.policies.protected import Protected, ProtectedPolicy
from equipoise.policies.reg_cb import RegCB, RegCBPolicy
from equipoise.policies.registry import PolicyConfig, named
from equipoise.policies.sampler import SlotBySlot
from equipoise.policies.softmax import Softmax, SoftmaxPolicy
from equipoise.policies.softmax_linear import SoftmaxLinear, SoftmaxLinearPolicy
from equipoise.policies.sometimes import Sometimes
from equipoise.policies.square_cb import SquareCB, SquareCBPolicy
from equipoise.policies.ucb1 import Ucb1, Ucb1Policy
from equipoise.policies.uniform import Uniform, UniformPolicy
from equipoise.policies.vdbe import Vdbe, VdbePolicy
from equipoise.policies.windowed_lin_ucb import WindowedLinUCB, WindowedLinUCBPolicy

__all__ = [
    "NOTHING",
    "Bagging",
    "BaggingPolicy",
    "BankGreedy",
    "BankGreedyPolicy",
    "BetaThompson",
    "BetaThompsonPolicy",
    "ByPlace",
    "ByPlacePolicy",
    "Corral",
    "CorralPolicy",
    "Cover",
    "CoverPolicy",
    "DiscountedLinUCB",
    "DiscountedLinUCBPolicy",
    "Dpp",
    "DppPolicy",
    "EpsilonDecaying",
    "EpsilonDecayingPolicy",
    "EpsilonGreedy",
    "EpsilonGreedyPolicy",
    "Exp4",
    "Exp4Policy",
    "FastCB",
    "FastCBPolicy",
    "GaussianThompson",
    "GaussianThompsonPolicy",
    "Greedy",
    "GreedyPolicy",
    "Introducing",
    "KlUcb",
    "KlUcbPolicy",
    "LearningPolicy",
    "Limited",
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
    "LookingAhead",
    "Mmr",
    "MmrPolicy",
    "NeuralLinear",
    "NeuralLinearPolicy",
    "Options",
    "Policy",
    "PolicyConfig",
    "Protected",
    "ProtectedPolicy",
    "RegCB",
    "RegCBPolicy",
    "Slates",
    "SlotBySlot",
    "Softmax",
    "SoftmaxLinear",
    "SoftmaxLinearPolicy",
    "SoftmaxPolicy",
    "Sometimes",
    "SquareCB",
    "SquareCBPolicy",
    "Ucb1",
    "Ucb1Policy",
    "Uniform",
    "UniformPolicy",
    "Vdbe",
    "VdbePolicy",
    "WindowedLinUCB",
    "WindowedLinUCBPolicy",
    "named",
]
