"""POST /v1/recommendations: draw a slate, keep the decision, and only then show it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.balance.controller import Visit
from equipoise.balance.reason import explained
from equipoise.data.situation import Situation
from equipoise.events.facts import Census, Choice, Decision
from equipoise.random import derive
from equipoise.recommenders.recommender import Recommendation, Request
from equipoise.recommenders.why import causes
from equipoise.serving.arms import Arm, assign
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.ids import new_id
from equipoise.serving.luck import luck
from equipoise.serving.memory import visitors
from equipoise.serving.problem import Problem, bad_request
from equipoise.serving.reading import read_one
from equipoise.serving.schemas import ChoiceOut, RecommendationIn, RecommendationOut
from equipoise.serving.state import State
from equipoise.serving.steward import Permit, visitor_of
from equipoise.serving.times import now
from equipoise.serving.visit import visit_of

REASONS = 3
"""Items met that are named for each choice, at most."""


async def recommend(state: State, call: Call) -> Answer:
    """Answer one request with a slate that is in the log."""
    drawn = draw(state, read_one(call.body, RecommendationIn), new_id())
    decision = drawn.decision
    state.steward.hold(decision, drawn.slate, drawn.permit)
    try:
        await state.store([decision])
    except Problem:
        state.steward.release(decision)
        raise
    _count(state, drawn)
    return json_answer(shown(decision, drawn.because))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A decision that nobody was shown yet, the slate it came from, and what that was permitted.

    `because` names the items met that brought each choice, where that was asked for.
    """

    decision: Decision
    slate: Recommendation
    permit: Permit
    because: tuple[tuple[str, ...], ...] = ()


def decide(state: State, wanted: RecommendationIn, recommendation_id: str) -> Decision:
    """Return the decision on `wanted`: the same one for the same id, policy, history and budget."""
    return draw(state, wanted, recommendation_id).decision


def draw(state: State, wanted: RecommendationIn, recommendation_id: str) -> Drawn:
    """Draw a slate for `wanted` within the budget; nothing is spent of it before the slate is held."""
    arm = _arm(state, wanted)
    moment = now()
    k = wanted.k if wanted.k is not None else state.settings.slate.k
    asking = visitors(wanted.user_id, wanted.session_id)
    met = state.memory.histories(asking)
    request = Request(
        history=met.items,
        kinds=met.kinds,
        times=met.times,
        now=moment,
        exclude=_codes(state, wanted.exclude),
        item=_known(state.shelf.code(wanted.item_id)),
        situation=state.memory.situation(asking, moment) if arm.foresees else Situation.nothing(),
    )
    permit = state.steward.permit(
        recommendation_id,
        _visitor(wanted),
        _surface(state, wanted),
        k,
        visit=_visit(state, wanted, request) if arm.recommender.learns else None,
        now=moment,
    )
    slate = arm.recommender.recommend(
        request,
        state.shelf.catalogue,
        k,
        rng=derive(state.settings.slate.seed, recommendation_id),
        grant=permit.grant,
    )
    decision = _decision(state, wanted, arm, slate, recommendation_id=recommendation_id, moment=moment)
    because = _because(state, arm, request, slate) if wanted.explain else ()
    return Drawn(decision, slate, permit, because)


def _because(state: State, arm: Arm, request: Request, slate: Recommendation) -> tuple[tuple[str, ...], ...]:
    ids = state.shelf.ids
    found = causes(arm.recommender.scorer, request.history, slate.items, state.shelf.catalogue, REASONS)
    return tuple(tuple(ids[code] for code in row if code >= 0) for row in found.tolist())


def _visit(state: State, wanted: RecommendationIn, request: Request) -> Visit:
    return visit_of(
        state.memory,
        visitors(wanted.user_id, wanted.session_id),
        state.shelf,
        state.settings.learning.rewards,
        item=request.item,
        surface=_surface(state, wanted),
        now=request.now,
    )


def _visitor(wanted: RecommendationIn) -> str:
    visitor = visitor_of(wanted.user_id, wanted.session_id)
    if visitor is None:
        raise bad_request("user_id", "name a user_id, a session_id, or both")
    return visitor


def _surface(state: State, wanted: RecommendationIn) -> str:
    return wanted.surface if wanted.surface is not None else state.settings.slate.surface


def _arm(state: State, wanted: RecommendationIn) -> Arm:
    forced = wanted.context.get("variant")
    return state.arms[
        assign(_visitor(wanted), state.settings.variants, forced, seed=state.settings.slate.seed)
    ]


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
        surface=_surface(state, wanted),
        timestamp=moment,
        policy=arm.policy,
        policy_version=arm.version,
        variant=arm.variant,
        candidates=tuple([ids[code] for code in slate.candidates.tolist()]),
        scores=slate.candidate_scores,
        features_version=arm.recommender.features_version,
        slate=_choices(slate, ids),
        exploration=slate.exploration,
        reason=slate.reason.value,
        features=slate.features,
        census=_census(state, slate, recommendation_id),
    )


def _census(state: State, slate: Recommendation, recommendation_id: str) -> Census | None:
    """Return the features of all candidates where the coin says so; it knows the id alone."""
    settings = state.settings.slate
    share = settings.keep_features
    if luck(settings.seed, "census", recommendation_id) >= share or len(slate.candidates) == 0:
        return None
    return Census(features=slate.candidate_features, share=share)


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


def shown(decision: Decision, because: Sequence[tuple[str, ...]] = ()) -> RecommendationOut:
    """Return what the one who asked is told of `decision`, and of what brought each choice, where known."""
    silence: tuple[tuple[str, ...], ...] = tuple(() for _ in decision.slate)
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
                because=reasons,
            )
            for choice, reasons in zip(decision.slate, because or silence, strict=True)
        ),
        policy=decision.policy,
        policy_version=decision.policy_version,
        variant=decision.variant,
        exploration=decision.exploration,
        reason=decision.reason,
        explanation=explained(decision.reason),
    )


def _count(state: State, drawn: Drawn) -> None:
    decision = drawn.decision
    if drawn.slate.blamed is not None:
        state.metrics.refused.labels(drawn.slate.blamed.value).inc(drawn.slate.refused)
    state.metrics.slates.labels(decision.variant).inc()
    explored = sum(choice.explored for choice in decision.slate)
    state.metrics.impressions.labels(decision.variant, "true").inc(explored)
    state.metrics.impressions.labels(decision.variant, "false").inc(len(decision.slate) - explored)
