"""Why a slate is as it is: one word for machines, one sentence for people."""

from enum import StrEnum

from equipoise.types import Bools


class Reason(StrEnum):
    """What is true of a slate's exploration; the order is that in which a reader meets them."""

    GREEDY = "greedy"
    UNCERTAIN = "uncertain"
    NEW_ITEM = "new_item"
    DRIFT = "drift"
    UNIFORM = "uniform"
    BUDGET_SPENT = "budget_spent"
    USER_BUDGET_SPENT = "user_budget_spent"
    SURFACE_BUDGET_SPENT = "surface_budget_spent"
    POSITION_BUDGET_SPENT = "position_budget_spent"
    GUARDRAIL = "guardrail"
    CHECKOUT = "checkout"
    PROTECTED = "protected"
    HIGH_STAKES = "high_stakes"
    DECIDING = "deciding"
    QUIET_SURFACE = "quiet_surface"
    KILL_SWITCH = "kill_switch"
    NOTHING_TO_SHOW = "nothing_to_show"

    @property
    def text(self) -> str:
        """The reason as a sentence."""
        return _TEXTS[self]


def explored_because(explored: Bools, new: Bools, *, learns: bool, drifting: bool = False) -> Reason:
    """Return what kind of exploration is in a slate, of which some position was `explored` (k,).

    `new` (k,) are new arrivals, `learns` whether the policy does, `drifting` whether a change of taste
    was noticed lately.
    """
    if not learns:
        return Reason.UNIFORM
    if (explored & new).any():
        return Reason.NEW_ITEM
    return Reason.DRIFT if drifting else Reason.UNCERTAIN


def explained(reason: str) -> str:
    """Return the sentence of a logged `reason`; one of a user's own stays as it is."""
    return _TEXTS.get(reason, reason)


_TEXTS: dict[str, str] = {
    Reason.GREEDY: "Best guesses only: nothing here is shown to learn.",
    Reason.UNCERTAIN: "Some of these are uncertain, so they are shown to learn what they are worth.",
    Reason.NEW_ITEM: "New products are here: nobody knows yet what they are worth, so they get their chance.",
    Reason.DRIFT: "Taste has changed lately, so some of these are shown to learn what they are worth now.",
    Reason.UNIFORM: "Chance alone: every candidate is equally likely.",
    Reason.BUDGET_SPENT: "Best guesses only: the shop's exploration budget is spent for now.",
    Reason.USER_BUDGET_SPENT: "Best guesses only: this shopper has met enough exploration for now.",
    Reason.SURFACE_BUDGET_SPENT: "Best guesses only: this surface has had its share of exploration for now.",
    Reason.POSITION_BUDGET_SPENT: "Best guesses only: these positions have had their share of exploration.",
    Reason.GUARDRAIL: "Best guesses only: the guardrail keeps what exploring may cost within its limit.",
    Reason.CHECKOUT: "Best guesses only: the checkout is no place for experiments.",
    Reason.PROTECTED: "Best guesses only: here the shop allows no exploration.",
    Reason.HIGH_STAKES: "Best guesses only: more than usual is at stake here, so little is tried out.",
    Reason.DECIDING: "Best guesses only: there is something in the basket, so little is tried out.",
    Reason.QUIET_SURFACE: "Best guesses only: few come by here, so little is tried out.",
    Reason.KILL_SWITCH: "Best guesses only: exploration is switched off.",
    Reason.NOTHING_TO_SHOW: "There is nothing to show.",
}
