"""Scores to a slate and its probability."""

from equipoise.policies.beta_thompson import BetaThompson, BetaThompsonPolicy
from equipoise.policies.corral import Corral, CorralPolicy
from equipoise.policies.dpp import Dpp, DppPolicy
from equipoise.policies.epsilon_decaying import EpsilonDecaying, EpsilonDecayingPolicy
from equipoise.policies.epsilon_greedy import EpsilonGreedy, EpsilonGreedyPolicy
from equipoise.policies.exp4 import Exp4, Exp4Policy
from equipoise.policies.gaussian_thompson import GaussianThompson, GaussianThompsonPolicy
from equipoise.policies.greedy import Greedy, GreedyPolicy
from equipoise.policies.kl_ucb import KlUcb, KlUcbPolicy
from equipoise.policies.lin_boltzmann import LinBoltzmann, LinBoltzmannPolicy
from equipoise.policies.lin_greedy import LinGreedy, LinGreedyPolicy
from equipoise.policies.mmr import Mmr, MmrPolicy
from equipoise.policies.policy import NOTHING, LearningPolicy, Options, Policy, Slates
from equipoise.policies.protected import Protected, ProtectedPolicy
from equipoise.policies.registry import PolicyConfig, named
from equipoise.policies.sampler import SlotBySlot
from equipoise.policies.softmax import Softmax, SoftmaxPolicy
from equipoise.policies.ucb1 import Ucb1, Ucb1Policy
from equipoise.policies.uniform import Uniform, UniformPolicy
from equipoise.policies.vdbe import Vdbe, VdbePolicy

__all__ = [
    "NOTHING",
    "BetaThompson",
    "BetaThompsonPolicy",
    "Corral",
    "CorralPolicy",
    "Dpp",
    "DppPolicy",
    "EpsilonDecaying",
    "EpsilonDecayingPolicy",
    "EpsilonGreedy",
    "EpsilonGreedyPolicy",
    "Exp4",
    "Exp4Policy",
    "GaussianThompson",
    "GaussianThompsonPolicy",
    "Greedy",
    "GreedyPolicy",
    "KlUcb",
    "KlUcbPolicy",
    "LearningPolicy",
    "LinBoltzmann",
    "LinBoltzmannPolicy",
    "LinGreedy",
    "LinGreedyPolicy",
    "Mmr",
    "MmrPolicy",
    "Options",
    "Policy",
    "PolicyConfig",
    "Protected",
    "ProtectedPolicy",
    "Slates",
    "SlotBySlot",
    "Softmax",
    "SoftmaxPolicy",
    "Ucb1",
    "Ucb1Policy",
    "Uniform",
    "UniformPolicy",
    "Vdbe",
    "VdbePolicy",
    "named",
]
