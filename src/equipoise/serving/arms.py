"""The arms of the experiment: who gets which policy, and the policies in use."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from equipoise.balance.registry import named
from equipoise.policies.policy import Policy
from equipoise.recommenders.long_term import LongTerm
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

    @property
    def foresees(self) -> bool:
        """Whether long-term values count here."""
        return self.recommender.long_term is not None and self.recommender.looks_ahead > 0.0

    @property
    def title(self) -> str:
        """What the dashboard calls its policy."""
        ahead = f", looks ahead {self.recommender.looks_ahead:.0%}" if self.foresees else ""
        return f"{self.policy}{ahead}"

    def carrying(self, policy: Policy, *, version: int) -> "Arm":
        """Return the arm with another policy."""
        return replace(self, version=version, recommender=replace(self.recommender, policy=policy))

    def near_sighted(self) -> "Arm":
        """Return the arm without long-term values."""
        return replace(self, recommender=replace(self.recommender, looks_ahead=0.0))

    def foreseeing(self, long_term: LongTerm, *, version: int) -> "Arm":
        """Return the arm with other long-term values."""
        return replace(self, version=version, recommender=replace(self.recommender, long_term=long_term))


Arms = Mapping[str, Arm]


def start_arms(recommender: Recommender, variants: Mapping[str, Variant]) -> dict[str, Arm]:
    """Return every variant with its policy before any feedback; only the policies differ."""
    return {
        name: Arm(
            variant=name,
            policy=variant.policy,
            version=1,
            recommender=replace(
                recommender, policy=_start(recommender, variant), looks_ahead=variant.long_term
            ),
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
