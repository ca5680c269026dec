"""/v1/exploration: what of the budget is spent, and the kill switch."""

import msgspec

from equipoise.balance.controller import Controller
from equipoise.balance.guardrail import Guardrail, GuardReading
from equipoise.balance.reason import explained
from equipoise.balance.signals import Watchful
from equipoise.balance.spending import Spending, Spent
from equipoise.policies.policy import Policy
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.pursuit import Pursuit
from equipoise.serving.reading import read_one
from equipoise.serving.schemas import (
    DriftOut,
    ExplorationIn,
    ExplorationOut,
    GuardrailOut,
    ObjectiveOut,
    RefusedOut,
    SignalsOut,
    SpentOut,
    UsersOut,
)
from equipoise.serving.state import State
from equipoise.serving.times import now
from equipoise.serving.watch import SECOND


async def get(state: State, call: Call) -> Answer:
    """Show what is spent and what was refused."""
    return json_answer(_told(state))


async def put(state: State, call: Call) -> Answer:
    """Switch exploration off or on."""
    state.steward.turn(on=read_one(call.body, ExplorationIn).enabled)
    return json_answer(_told(state))


def _told(state: State) -> ExplorationOut:
    guardrail = state.settings.exploration.guardrail
    guard = None if state.steward.guard is None else _guarded(guardrail, state.steward.guard)
    drift = tuple(_drift(name, arm.recommender.policy) for name, arm in state.learner.arms.items())
    told = shown(state.steward.state())
    return msgspec.structs.replace(
        told,
        guardrail=guard,
        drift=tuple(one for one in drift if one is not None),
        objective=_objective(state.learner.pursuit),
        signals=_signals(state.steward.controller),
    )


def _signals(controller: Controller | None) -> SignalsOut | None:
    if controller is None:
        return None
    told = controller.reading(now() / SECOND)
    return SignalsOut(usual_stake=told.stake.usual, traffic=told.traffic.rates, new_items=told.newness.usual)


def _objective(pursuit: Pursuit) -> ObjectiveOut | None:
    if pursuit.reference is None:
        return None
    now = pursuit.lagrangian
    return ObjectiveOut(
        reference=pursuit.reference, floor=now.objective.floor, kept=now.share, price=now.price
    )


def _drift(variant: str, policy: Policy) -> DriftOut | None:
    if not isinstance(policy, Watchful):
        return None
    reading = policy.reading
    return DriftOut(
        variant=variant,
        evidence=reading.evidence,
        alarms=reading.alarms,
        impressions=reading.since,
        drifting=policy.drifting,
    )


def _guarded(guardrail: Guardrail, reading: GuardReading) -> GuardrailOut:
    return GuardrailOut(
        loss=guardrail.loss,
        delta=guardrail.delta,
        reserve=reading.reserve,
        price=reading.price,
        slates=reading.slates,
        explored=reading.explored,
        pending=reading.pending,
        may_explore=reading.may_explore,
    )


def shown(spending: Spending) -> ExplorationOut:
    """Return `spending` as it goes over the wire."""
    budget = spending.budget
    return ExplorationOut(
        enabled=spending.enabled,
        window=budget.window,
        overall=_spent(spending.overall),
        surfaces={name: _spent(spent) for name, spent in spending.surfaces.items()},
        positions=tuple(_spent(spent) for spent in spending.positions),
        users=UsersOut(limit=budget.per_user, remembered=spending.users, forgotten=spending.users_forgotten),
        protected_surfaces=budget.protected_surfaces,
        protected_positions=budget.protected_positions,
        refused={
            reason: RefusedOut(positions=positions, explanation=explained(reason))
            for reason, positions in spending.refused.items()
        },
    )


def _spent(spent: Spent) -> SpentOut:
    return SpentOut(
        impressions=spent.impressions,
        explored=spent.explored,
        pending=spent.pending,
        share=spent.share,
        limit=spent.limit,
    )
