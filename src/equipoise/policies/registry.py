"""Policies by name: the built-in ones, and `module:Class` for a user's own."""

from collections.abc import Callable
from importlib import import_module

from equipoise.errors import BadInputError
from equipoise.policies.beta_thompson import BetaThompson
from equipoise.policies.corral import Corral
from equipoise.policies.dpp import Dpp
from equipoise.policies.epsilon_decaying import EpsilonDecaying
from equipoise.policies.epsilon_greedy import EpsilonGreedy
from equipoise.policies.exp4 import Exp4
from equipoise.policies.gaussian_thompson import GaussianThompson
from equipoise.policies.greedy import Greedy
from equipoise.policies.kl_ucb import KlUcb
from equipoise.policies.lin_boltzmann import LinBoltzmann
from equipoise.policies.lin_greedy import LinGreedy
from equipoise.policies.mmr import Mmr
from equipoise.policies.policy import PolicyConfig
from equipoise.policies.protected import Protected
from equipoise.policies.softmax import Softmax
from equipoise.policies.ucb1 import Ucb1
from equipoise.policies.uniform import Uniform
from equipoise.policies.vdbe import Vdbe

__all__ = ["POLICIES", "PolicyConfig", "named"]

POLICIES: dict[str, Callable[[], PolicyConfig]] = {
    "beta_thompson": BetaThompson,
    "corral": Corral,
    "dpp": Dpp,
    "epsilon_decaying": EpsilonDecaying,
    "epsilon_greedy": EpsilonGreedy,
    "exp4": Exp4,
    "gaussian_thompson": GaussianThompson,
    "greedy": Greedy,
    "kl_ucb": KlUcb,
    "lin_boltzmann": LinBoltzmann,
    "lin_greedy": LinGreedy,
    "mmr": Mmr,
    "protected": Protected,
    "softmax": Softmax,
    "ucb1": Ucb1,
    "uniform": Uniform,
    "vdbe": Vdbe,
}


def named(name: str) -> PolicyConfig:
    """Return the default configuration of the policy called `name`, or of a user's `module:Class`."""
    if ":" in name:
        return _imported(name)
    if name not in POLICIES:
        known = ", ".join(sorted(POLICIES))
        raise BadInputError("policy", f"there is no {name!r}; choose one of {known}, or module:Class")
    return POLICIES[name]()


def _imported(name: str) -> PolicyConfig:
    module, _, attribute = name.partition(":")
    try:
        config: PolicyConfig = getattr(import_module(module), attribute)()
        config.start  # noqa: B018
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        raise BadInputError("policy", f"{name} is no policy configuration ({error})") from error
    return config
