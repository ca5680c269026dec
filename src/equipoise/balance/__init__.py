"""How much to explore: what may be spent, what it may cost, why it was spent, and what it is for."""

from equipoise.balance.balanced import Balanced, BalancedPolicy
from equipoise.balance.balanced_open import BalancedOpen, BalancedOpenPolicy
from equipoise.balance.budget import Budget
from equipoise.balance.controller import Care, Controller, Visit
from equipoise.balance.grant import Grant
from equipoise.balance.guardrail import Guard, Guardrail, GuardReading, Verdict
from equipoise.balance.ledger import Charge, Ledger
from equipoise.balance.objectives import ENGAGEMENT, Lagrangian, Objective, Outcome
from equipoise.balance.reason import Reason, explained
from equipoise.balance.registry import POLICIES, named
from equipoise.balance.spending import Spending, Spent

__all__ = [
    "ENGAGEMENT",
    "POLICIES",
    "Balanced",
    "BalancedOpen",
    "BalancedOpenPolicy",
    "BalancedPolicy",
    "Budget",
    "Care",
    "Charge",
    "Controller",
    "Grant",
    "Guard",
    "GuardReading",
    "Guardrail",
    "Lagrangian",
    "Ledger",
    "Objective",
    "Outcome",
    "Reason",
    "Spending",
    "Spent",
    "Verdict",
    "Visit",
    "explained",
    "named",
]
