"""How much to explore."""

from equipoise.balance.balanced import Balanced, BalancedPolicy
from equipoise.balance.registry import POLICIES, named

__all__ = ["POLICIES", "Balanced", "BalancedPolicy", "named"]
