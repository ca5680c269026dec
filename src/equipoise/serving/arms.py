"""The arms of the experiment: who gets which policy, and the policies in use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from equipoise.balance.registry import named
from equipoise.policies.policy import Policy
from equipoise.recommenders.recommender import Recommender
from equipoise.serving.luck import luck
from equipoise.serving.problem import bad_request
from equipoise.serving.settings import Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One variant as it is served now; `version` counts the policies it has had, from 1."""

    variant: str
    policy: str
    version: int
    recommender: Recommender

    def carrying(self, policy: Policy, *, version: int) -> "Arm":
        """Return the arm with another policy."""
        return replace(self, version=version, recommender=replace(self.recommender, policy=policy))


Arms = Mapping[str, Arm]


def start_arms(recommender: Recommender, variants: Mapping[str, Variant]) -> dict[str, Arm]:
    """Return every variant with its policy before any feedback; only the policies differ."""
    return {
        name: Arm(
            variant=name,
            policy=variant.policy,
            version=1,
            recommender=replace(recommender, policy=_start(recommender, variant)),
        )
        for name, variant in variants.items()
    }


def _start(recommender: Recommender, variant: Variant) -> Policy:
    return named(variant.policy).start(len(recommender.features), recommender.prior_mean)


def assign(visitor: str, variants: Mapping[str, Variant], forced: object, *, seed: int) -> str:
    """Return the variant of `visitor`: always the same one, in the shares of the settings.

    `forced` names one instead, unless it is None; raises a 400 problem where there is no such variant.
    """
    if forced is not None:
        if not isinstance(forced, str) or forced not in variants:
            raise bad_request("context.variant", f"must be one of {', '.join(variants)}")
        return forced
    place, chosen = luck(seed, visitor), ""
    for name, variant in variants.items():
        if variant.share > 0:
            chosen, place = name, place - variant.share
        if place < 0:
            break
    return chosen
