"""Policies by name: the built-in ones, and `module:Class` for a user's own."""

from collections.abc import Callable, Mapping
from importlib import import_module

from equipoise.errors import BadInputError
from equipoise.policies.bagging import Bagging
from equipoise.policies.bank_greedy import BankGreedy
from equipoise.policies.beta_thompson import BetaThompson
from equipoise.policies.by_place import ByPlace
from equipoise.policies.corral import Corral
from equipoise.policies.cover import Cover
from equipoise.policies.discounted_lin_ucb import DiscountedLinUCB
from equipoise.policies.dpp import Dpp
from equipoise.policies.epsilon_decaying import EpsilonDecaying
from equipoise.policies.epsilon_greedy import EpsilonGreedy
from equipoise.policies.exp4 import Exp4
from equipoise.policies.fast_cb import FastCB
from equipoise.policies.gaussian_thompson import GaussianThompson
from equipoise.policies.greedy import Greedy
from equipoise.policies.kl_ucb import KlUcb
from equipoise.policies.lin_boltzmann import LinBoltzmann
from equipoise.policies.lin_greedy import LinGreedy
from equipoise.policies.lin_ids import LinIDS
from equipoise.policies.lin_thompson import LinThompson
from equipoise.policies.lin_ucb import LinUCB
from equipoise.policies.logistic_thompson import LogisticThompson
from equipoise.policies.mmr import Mmr
from equipoise.policies.neural_linear import NeuralLinear
from equipoise.policies.policy import PolicyConfig
from equipoise.policies.protected import Protected
from equipoise.policies.reg_cb import RegCB
from equipoise.policies.softmax import Softmax
from equipoise.policies.softmax_linear import SoftmaxLinear
from equipoise.policies.square_cb import SquareCB
from equipoise.policies.ucb1 import Ucb1
from equipoise.policies.uniform import Uniform
from equipoise.policies.vdbe import Vdbe
from equipoise.policies.windowed_lin_ucb import WindowedLinUCB

__all__ = ["POLICIES", "PolicyConfig", "named"]

POLICIES: dict[str, Callable[[], PolicyConfig]] = {
    "bagging": Bagging,
    "bank_greedy": BankGreedy,
    "beta_thompson": BetaThompson,
    "by_place": ByPlace,
    "corral": Corral,
    "cover": Cover,
    "discounted_lin_ucb": DiscountedLinUCB,
    "dpp": Dpp,
    "epsilon_decaying": EpsilonDecaying,
    "epsilon_greedy": EpsilonGreedy,
    "exp4": Exp4,
    "fast_cb": FastCB,
    "gaussian_thompson": GaussianThompson,
    "greedy": Greedy,
    "kl_ucb": KlUcb,
    "lin_boltzmann": LinBoltzmann,
    "lin_greedy": LinGreedy,
    "lin_ids": LinIDS,
    "lin_thompson": LinThompson,
    "lin_ucb": LinUCB,
    "logistic_thompson": LogisticThompson,
    "mmr": Mmr,
    "neural_linear": NeuralLinear,
    "protected": Protected,
    "reg_cb": RegCB,
    "softmax": Softmax,
    "softmax_linear": SoftmaxLinear,
    "square_cb": SquareCB,
    "ucb1": Ucb1,
    "uniform": Uniform,
    "vdbe": Vdbe,
    "windowed_lin_ucb": WindowedLinUCB,
}


def named(name: str, known: Mapping[str, Callable[[], PolicyConfig]] = POLICIES) -> PolicyConfig:
    """Return the default configuration of the policy called `name`, or of a user's `module:Class`."""
    if ":" in name:
        return _imported(name)
    if name not in known:
        names = ", ".join(sorted(known))
        raise BadInputError("policy", f"there is no {name!r}; choose one of {names}, or module:Class")
    return known[name]()


def _imported(name: str) -> PolicyConfig:
    module, _, attribute = name.partition(":")
    try:
        config: PolicyConfig = getattr(import_module(module), attribute)()
        config.start  # noqa: B018
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise BadInputError("policy", f"{name} is no policy configuration ({error})") from error
    return config
