"""What the server counts and times, for Prometheus; every name starts with ``equipoise_``."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from equipoise.balance.guardrail import GuardReading
from equipoise.balance.spending import Spending
from equipoise.serving.call import Answer

_SECONDS = (0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 1.0, 5.0)


class Metrics:
    """The metrics of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = self._counter("requests", "Requests answered", "route", "status")
        self.seconds = self._histogram("request_seconds", "From request to answer", "route")
        self.slates = self._counter("slates", "Slates served", "variant")
        self.impressions = self._counter("impressions", "Positions served", "variant", "explored")
        self.events = self._counter("events", "Events taken", "type")
        self.duplicates = self._counter("duplicate_events", "Events that were in the log already")
        self.rejections = self._counter("rejected_events", "Events refused")
        self.commit = self._histogram("log_commit_seconds", "From submitted to durable")
        self.versions = self._gauge("policy_version", "Version of the policy in use", "variant")
        self.lag = self._gauge("learner_lag_seconds", "Age of the oldest fact not yet learned from")
        self.learned = self._counter("learned_rows", "Rows of feedback learned from", "variant")
        self.exploring = self._gauge("exploration_enabled", "1 unless exploration is switched off")
        self.explored = self._gauge("explored_share", "Share explored of the newest window", "scope")
        self.limits = self._gauge("explored_share_limit", "Largest share that may be explored", "scope")
        self.reserve = self._gauge("guardrail_reserve", "Reward that exploring may certainly still cost")
        self.refused = self._counter("refused_explorations", "Positions expected to explore", "reason")
        self.failures = self._counter("learner_failures", "Updates that failed; the last good policy stays")

    def answer(self) -> Answer:
        """Return all of them as text."""
        return Answer(body=generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self.requests.labels(route, status).inc()
        self.seconds.labels(route).observe(seconds)

    def spent(self, spending: Spending, guard: GuardReading | None) -> None:
        """Show what of the exploration budget is spent now."""
        self.exploring.set(spending.enabled)
        self.explored.labels("overall").set(spending.overall.share or 0.0)
        self.limits.labels("overall").set(spending.overall.limit)
        for surface in spending.budget.protected_surfaces:
            self.limits.labels(f"surface {surface}").set(0.0)
        if guard is not None:
            self.reserve.set(guard.reserve)

    def _counter(self, name: str, told: str, *labels: str) -> Counter:
        return Counter(f"equipoise_{name}", told, labels, registry=self.registry)

    def _gauge(self, name: str, told: str, *labels: str) -> Gauge:
        return Gauge(f"equipoise_{name}", told, labels, registry=self.registry)

    def _histogram(self, name: str, told: str, *labels: str) -> Histogram:
        return Histogram(f"equipoise_{name}", told, labels, registry=self.registry, buckets=_SECONDS)
