"""A policy learns from a log as it would have while serving: what was shown, in order, and what it earned."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice, takewhile
from pathlib import Path

from equipoise.data.join import FeedbackJoin, Impressions
from equipoise.data.rewards import RewardWeights
from equipoise.errors import BadInputError
from equipoise.events.facts import Decision, Event
from equipoise.events.scan import decision, events_of, facts
from equipoise.policies.policy import LearningPolicy

ROUND = 1_000
"""Facts that a policy learns from at once."""


def replayed(
    path: Path,
    policy: LearningPolicy,
    items: Sequence[str],
    *,
    variant: str,
    until: int,
    rewards: RewardWeights,
    impressions: Impressions,
    features_version: str | None,
) -> tuple[LearningPolicy, int]:
    """Return `policy` after the facts of the log file at `path` up to the one numbered `until`, and how many
    impressions of `variant` it learned from.

    It learns from what another policy showed as from its own. Raises `BadInputError` where there was nothing.
    """
    codes, learned = {name: code for code, name in enumerate(items)}, 0.0
    join = FeedbackJoin(
        encode=lambda name: codes.get(name, -1),
        rewards=rewards,
        impressions=impressions,
        find=_finder(path),
        features_version=features_version,
    )
    told = _until(path, until)
    while some := list(islice(told, ROUND)):
        feedback = join.add(some).get(variant)
        if feedback is not None and len(feedback):
            policy, learned = policy.update(feedback), learned + float(feedback.impressions.sum())
    if not learned:
        raise BadInputError("--log", f"{path} shows nothing by {variant} that a policy could learn from")
    return policy, int(learned)


def _until(path: Path, until: int) -> Iterator[tuple[int, Event | Decision]]:
    return takewhile(lambda numbered: numbered[0] <= until, facts(path, 0))


def _finder(path: Path) -> Callable[[str], tuple[Decision, list[tuple[int, Event]]] | None]:
    def find(recommendation_id: str) -> tuple[Decision, list[tuple[int, Event]]] | None:
        found = decision(path, recommendation_id)
        return None if found is None else (found[1], events_of(path, recommendation_id))

    return find
