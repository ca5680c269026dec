"""Policies by name: the built-in ones, and `module:Class` for a user's own."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Protocol

from equipoise.errors import BadInputError
from equipoise.policies.bank_greedy import BankGreedy
from equipoise.policies.bank_thompson import BankThompson
from equipoise.policies.greedy import Greedy
from equipoise.policies.lin_boltzmann import LinBoltzmann
from equipoise.policies.lin_greedy import LinGreedy
from equipoise.policies.policy import Policy
from equipoise.policies.uniform import Uniform
from equipoise.types import Floats


class PolicyConfig(Protocol):
    """The settings of a policy: a frozen dataclass that starts it."""

    def start(self, n_features: int, prior_mean: Floats | None = None) -> Policy:
        """Return the policy before any feedback, for `n_features` features a candidate."""
        ...


POLICIES: dict[str, Callable[[], PolicyConfig]] = {
    "bank_greedy": BankGreedy,
    "bank_thompson": BankThompson,
    "greedy": Greedy,
    "lin_boltzmann": LinBoltzmann,
    "lin_greedy": LinGreedy,
    "uniform": Uniform,
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
