"""The learner: facts as they become durable, joined into feedback, make the next policies."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from equipoise.data.feedback import LoggedFeedback
from equipoise.data.join import FeedbackJoin
from equipoise.events.facts import Decision
from equipoise.policies.policy import LearningPolicy
from equipoise.recommenders.gated import Gated
from equipoise.recommenders.long_term import LongTerm
from equipoise.serving.arms import Arm, Arms
from equipoise.serving.feed import Numbered
from equipoise.serving.logs import log, say
from equipoise.serving.metrics import Metrics
from equipoise.serving.pursuit import Pursuit


class Learner:
    """Owns the arms. Each round joins the facts that came and replaces `arms` whole.

    `seq` is the number of the newest fact that `own` have learned from: the arms with the policies of the
    settings. `arms` are what is served: the same, but for variants in which a policy has passed the gate.
    That one is served as it was judged, so without long-term values, and the variant's own policy learns
    beneath it. `pursuit` says what they learn from.

    Not a thread itself: one thread at a time calls `learn`. Readers on other threads take `arms` once
    a request and are never held up. An update that fails is logged and counted, and leaves its arm on
    its last good policy.
    """

    def __init__(self, arms: Arms, join: FeedbackJoin, metrics: Metrics, pursuit: Pursuit) -> None:
        self._join, self._metrics, self.pursuit = join, metrics, pursuit
        self._served: dict[str, int] = {}
        self._gated: dict[str, tuple[str, Arm]] = {}
        self.own = self.arms = arms
        self.seq = join.last
        for name, arm in arms.items():
            metrics.versions.labels(name).set(arm.version)

    def learn(self, facts: Sequence[Numbered]) -> None:
        """Learn from `facts`, numbered and in order; those learned from before are left out."""
        if not self.own:
            return
        for _, fact in facts:
            if isinstance(fact, Decision):
                newest = self._served.get(fact.variant, 0)
                self._served[fact.variant] = max(newest, fact.policy_version)
        self.pursuit.add(facts, after=self._join.last)
        self._join.by_variant = self.pursuit.rewards
        feedback = self._join.add(self._fitting(facts))
        fresh = {
            name: self._next(self.own[name], rows) for name, rows in feedback.items() if name in self.own
        }
        self.own = {**self.own, **fresh}
        self.seq = self._join.last
        self._serve()

    def follow(self, gated: Gated) -> None:
        """Serve what passed the gate, from the next request on; a request that has begun keeps its policy."""
        for name in self.own:
            passed = gated.policies.get(name)
            if (None if passed is None else passed.passage) == self._passage(name):
                continue
            version = self._fresh(self.own[name])
            # Also the arm's own policy counts on, so that after a crash no other policy gets this version.
            self.own = {**self.own, name: replace(self.own[name], version=version)}
            self._gated.pop(name, None)
            if passed is not None:
                arm = self.own[name].carrying(passed.policy, version=version).near_sighted()
                self._gated[name] = passed.passage, replace(arm, policy=passed.name)
            self._served[name] = version
            self._serve()
            say(logging.INFO, "policy swapped", variant=name, policy=self.arms[name].policy, version=version)

    def foresee(self, long_term: LongTerm) -> None:
        """Look ahead by `long_term`, from the next request on, in every variant whose settings say so."""
        for name, arm in self.own.items():
            if arm.recommender.looks_ahead > 0.0:
                ahead = arm.foreseeing(long_term, version=self._fresh(arm))
                self.own = {**self.own, name: ahead}
                say(logging.INFO, "long-term values swapped", variant=name, version=ahead.version)
        self._serve()

    def _serve(self) -> None:
        self.arms = {**self.own, **{name: arm for name, (_, arm) in self._gated.items()}}
        for name, arm in self.arms.items():
            self._metrics.versions.labels(name).set(arm.version)

    def _passage(self, name: str) -> str | None:
        return self._gated[name][0] if name in self._gated else None

    def _fresh(self, arm: Arm) -> int:
        """Return the next version: one that was ever served is never given to another policy, even after a
        crash.
        """
        return max(arm.version, self._served.get(arm.variant, 0)) + 1

    def _fitting(self, facts: Iterable[Numbered]) -> Iterable[Numbered]:
        """Leave out decisions made on features that mean something else now."""
        version = next(iter(self.own.values())).recommender.features_version
        for seq, fact in facts:
            if not isinstance(fact, Decision) or fact.features_version == version:
                yield seq, fact

    def _next(self, arm: Arm, feedback: LoggedFeedback) -> Arm:
        policy = arm.recommender.policy
        if not isinstance(policy, LearningPolicy) or len(feedback) == 0:
            return arm
        try:
            learned = policy.update(feedback)
        except Exception:
            self._metrics.failures.inc()
            log.exception("update failed", extra={"told": {"variant": arm.variant, "rows": len(feedback)}})
            return arm
        self._metrics.learned.labels(arm.variant).inc(len(feedback))
        return arm.carrying(learned, version=self._fresh(arm))
