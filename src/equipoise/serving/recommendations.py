"""POST /v1/recommendations: draw a slate, keep the decision, and only then show it."""

from collections.abc import Iterable

import numpy as np

from equipoise.events.facts import Choice, Decision
from equipoise.random import derive
from equipoise.recommenders.recommender import Recommendation, Request
from equipoise.serving.arms import Arm, assign
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.ids import new_id
from equipoise.serving.memory import visitors
from equipoise.serving.problem import bad_request
from equipoise.serving.reading import read_one
from equipoise.serving.schemas import ChoiceOut, RecommendationIn, RecommendationOut
from equipoise.serving.state import State
from equipoise.serving.times import now


async def recommend(state: State, call: Call) -> Answer:
    """Answer one request with a slate that is in the log."""
    decision = decide(state, read_one(call.body, RecommendationIn), new_id())
    await state.store([decision])
    _count(state, decision)
    return json_answer(shown(decision))


def decide(state: State, wanted: RecommendationIn, recommendation_id: str) -> Decision:
    """Return the decision on `wanted`: the same one for the same id, policy and history."""
    arm = _arm(state, wanted)
    moment = now()
    request = Request(
        history=state.memory.history(visitors(wanted.user_id, wanted.session_id)),
        now=moment,
        exclude=_codes(state, wanted.exclude),
        item=_known(state.shelf.code(wanted.item_id)),
    )
    slate = arm.recommender.recommend(
        request,
        state.shelf.catalogue,
        wanted.k if wanted.k is not None else state.settings.slate.k,
        rng=derive(state.settings.slate.seed, recommendation_id),
    )
    return _decision(state, wanted, arm, slate, recommendation_id=recommendation_id, moment=moment)


def _arm(state: State, wanted: RecommendationIn) -> Arm:
    visitor = wanted.user_id if wanted.user_id is not None else wanted.session_id
    if visitor is None:
        raise bad_request("user_id", "name a user_id, a session_id, or both")
    forced = wanted.context.get("variant")
    return state.arms[assign(visitor, state.settings.variants, forced, seed=state.settings.slate.seed)]


def _codes(state: State, ids: Iterable[str]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    known = (state.shelf.code(item_id) for item_id in ids)
    return np.array([code for code in known if code >= 0], dtype=np.int64)


def _known(code: int) -> int | None:
    return None if code < 0 else code


def _decision(
    state: State,
    wanted: RecommendationIn,
    arm: Arm,
    slate: Recommendation,
    *,
    recommendation_id: str,
    moment: int,
) -> Decision:
    ids = state.shelf.ids
    return Decision(
        recommendation_id=recommendation_id,
        user_id=wanted.user_id,
        session_id=wanted.session_id,
        surface=wanted.surface if wanted.surface is not None else state.settings.slate.surface,
        timestamp=moment,
        policy=arm.policy,
        policy_version=arm.version,
        variant=arm.variant,
        candidates=tuple([ids[code] for code in slate.candidates.tolist()]),
        scores=slate.candidate_scores,
        features_version=arm.recommender.features_version,
        slate=_choices(slate, ids),
        exploration=slate.exploration,
        reason=slate.reason,
        features=slate.features,
    )


def _choices(slate: Recommendation, ids: list[str]) -> tuple[Choice, ...]:
    none: list[list[float]] = [[] for _ in slate.sources]
    columns = zip(
        slate.items.tolist(),
        slate.scores.tolist(),
        slate.propensities.tolist(),
        slate.explored.tolist(),
        slate.sources,
        none if slate.by_expert is None else slate.by_expert.tolist(),
        strict=True,
    )
    return tuple(
        Choice(
            item_id=ids[item],
            position=position,
            score=score,
            propensity=propensity,
            explored=explored,
            source=source,
            by_expert=tuple(by_expert),
        )
        for position, (item, score, propensity, explored, source, by_expert) in enumerate(columns)
    )


def shown(decision: Decision) -> RecommendationOut:
    """Return what the one who asked is told of `decision`."""
    return RecommendationOut(
        recommendation_id=decision.recommendation_id,
        items=tuple(
            ChoiceOut(
                item_id=choice.item_id,
                position=choice.position,
                score=choice.score,
                propensity=choice.propensity,
                explored=choice.explored,
                source=choice.source,
            )
            for choice in decision.slate
        ),
        policy=decision.policy,
        policy_version=decision.policy_version,
        variant=decision.variant,
        exploration=decision.exploration,
        reason=decision.reason,
    )


def _count(state: State, decision: Decision) -> None:
    state.metrics.slates.labels(decision.variant).inc()
    explored = sum(choice.explored for choice in decision.slate)
    state.metrics.impressions.labels(decision.variant, "true").inc(explored)
    state.metrics.impressions.labels(decision.variant, "false").inc(len(decision.slate) - explored)
