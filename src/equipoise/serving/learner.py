"""The learner: facts as they become durable, joined into feedback, make the next policies."""

from collections.abc import Iterable, Sequence

from equipoise.data.feedback import LoggedFeedback
from equipoise.data.join import FeedbackJoin
from equipoise.events.facts import Decision
from equipoise.policies.policy import LearningPolicy
from equipoise.serving.arms import Arm, Arms
from equipoise.serving.feed import Numbered
from equipoise.serving.logs import log
from equipoise.serving.metrics import Metrics


class Learner:
    """Owns the arms. Each round joins the facts that came and replaces `arms` whole.

    `seq` is the number of the newest fact that `arms` have learned from.

    Not a thread itself: one thread at a time calls `learn`. Readers on other threads take `arms` once
    a request and are never held up. An update that fails is logged and counted, and leaves its arm on
    its last good policy.
    """

    def __init__(self, arms: Arms, join: FeedbackJoin, metrics: Metrics) -> None:
        self._join, self._metrics = join, metrics
        self._served: dict[str, int] = {}
        self.arms = arms
        self.seq = join.last
        for name, arm in arms.items():
            metrics.versions.labels(name).set(arm.version)

    def learn(self, facts: Sequence[Numbered]) -> None:
        """Learn from `facts`, numbered and in order; those learned from before are left out."""
        if not self.arms:
            return
        for _, fact in facts:
            if isinstance(fact, Decision):
                newest = self._served.get(fact.variant, 0)
                self._served[fact.variant] = max(newest, fact.policy_version)
        feedback = self._join.add(self._fitting(facts))
        fresh = {
            name: self._next(self.arms[name], rows) for name, rows in feedback.items() if name in self.arms
        }
        self.arms = {**self.arms, **fresh}
        self.seq = self._join.last

    def _fitting(self, facts: Iterable[Numbered]) -> Iterable[Numbered]:
        """Leave out decisions made on features that mean something else now."""
        version = next(iter(self.arms.values())).recommender.features_version
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
        # A version that was ever served is never given to another policy, even after a crash.
        version = max(arm.version, self._served.get(arm.variant, 0)) + 1
        self._metrics.versions.labels(arm.variant).set(version)
        return arm.carrying(learned, version=version)
