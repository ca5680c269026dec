"""Policies that passed the gate: what the gate publishes and serving reads."""

from dataclasses import dataclass, field, replace

from equipoise.policies.policy import Policy

GATED = "gated"
"""The name under which they are published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A policy that is served as it was judged: it does not learn.

    `name` is what decisions say of it; `passage` tells it from every other that passed; `before` is the
    version of the artifact in which stands what it replaced, None where that was the policy of the settings;
    `learned_until` is the last fact it was learned from, None where it was not learned from a log.
    """

    name: str
    policy: Policy
    passage: str
    before: int | None = None
    learned_until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """What is served instead of the policies of the settings, by variant."""

    policies: dict[str, Passed] = field(default_factory=dict)

    def serving(self, variant: str, passed: Passed | None) -> "Gated":
        """Return it with `passed` for `variant`, or with the policy of the settings where that is None."""
        others = {name: one for name, one in self.policies.items() if name != variant}
        return replace(self, policies=others if passed is None else {**others, variant: passed})
