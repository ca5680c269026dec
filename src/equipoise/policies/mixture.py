"""Policies over policies: at each slot one of several experts is drawn, and fills it.

The probability of a candidate is then sum_e p_e P_e(candidate | those above), exactly. Experts are drawn
slot by slot. To draw one for a whole slate is another law, under which the slots above betray who was drawn.
"""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.around import known, started
from equipoise.policies.beta_thompson import BetaThompson
from equipoise.policies.blend import Blend, Voice
from equipoise.policies.lin_boltzmann import LinBoltzmann
from equipoise.policies.lin_greedy import LinGreedy
from equipoise.policies.policy import Options, PolicyConfig, Slates
from equipoise.policies.sampler import (
    Revise,
    SlotBySlot,
    draw_slates,
    replay_slates,
    with_a_candidate,
    worth_left,
)
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True)
class Mixture(SlotBySlot):
    """What it calls its best guess is that of its likeliest expert, the first where several are."""

    experts: tuple[SlotBySlot, ...]

    @property
    @abstractmethod
    def shares(self) -> Floats:
        """The chance of each expert to be drawn, (e,), all positive."""

    @property
    def likeliest(self) -> SlotBySlot:
        """The expert most often drawn."""
        return self.experts[int(np.argmax(self.shares))]

    def weighing(self, options: Options) -> tuple[Floats, Blend]:
        """Weigh by the mixture of what experts would draw."""
        blend = Blend(tuple(Voice.of(expert, options) for expert in self.experts), self.shares)
        return blend.voices[int(np.argmax(self.shares))].left, blend

    def revising(self, options: Options) -> Revise | None:
        """Return how the likeliest expert revises worths."""
        return self.likeliest.revising(options)

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Draw one slate of `k` positions for each request, with what each expert made of it."""
        options = with_a_candidate(options)
        worth, blend = self.weighing(options)
        left, revise = worth_left(worth, options.items), self.revising(options)
        slates = draw_slates(left, blend, k, rng=rng, revise=revise)
        return replace(slates, by_expert=blend.told(slates.actions))

    def by_expert(self, options: Options, actions: Ints) -> Floats | None:
        """Return the probability of `actions` (n, k) under each expert, (n, k, e)."""
        options = with_a_candidate(options)
        worth, blend = self.weighing(options)
        replay_slates(worth_left(worth, options.items), blend, actions, revise=self.revising(options))
        return blend.told(actions)

    def means(self, n_items: int) -> Floats:
        """Return what the likeliest expert believes each item to earn, (n_items,)."""
        return known(self.likeliest, "means", n_items)

    def deviations(self, n_items: int) -> Floats:
        """Return how unsure it is of that, (n_items,)."""
        return known(self.likeliest, "deviations", n_items)


def default_experts() -> tuple[PolicyConfig, ...]:
    """Return unlike views of a shop: of shoppers and items, of items alone, and one that never explores."""
    return LinBoltzmann(), BetaThompson(), LinGreedy()


def assembled(
    policies: Sequence[PolicyConfig], n_features: int, prior_mean: Floats | None
) -> tuple[SlotBySlot, ...]:
    """Return the experts of `policies`, of which there is at least one."""
    if not policies:
        raise BadInputError("policies", "name at least one policy to mix")
    return tuple(started(config, n_features, prior_mean) for config in policies)


def told(feedback: LoggedFeedback, n_experts: int) -> tuple[Floats, Bools]:
    """Return the importance weights P_e / P of each row (n, e), and of which rows they are known (n,).

    They are 0 where they are not: in rows of decisions by another policy.
    """
    by_expert = feedback.by_expert
    if by_expert is None or by_expert.shape[1] != n_experts:
        return np.zeros((len(feedback), n_experts)), np.zeros(len(feedback), np.bool_)
    return by_expert / feedback.propensities[:, None], np.asarray(by_expert.any(axis=1))
