"""All policies by name: those that only choose, and those that also decide how much to explore."""

from collections.abc import Callable

from equipoise.balance.balanced import Balanced
from equipoise.balance.balanced_open import BalancedOpen
from equipoise.policies import registry
from equipoise.policies.registry import PolicyConfig

POLICIES: dict[str, Callable[[], PolicyConfig]] = {
    **registry.POLICIES,
    "balanced": Balanced,
    "balanced_open": BalancedOpen,
}


def named(name: str) -> PolicyConfig:
    """Return the default configuration of the policy called `name`, or of a user's `module:Class`."""
    return registry.named(name, POLICIES)
