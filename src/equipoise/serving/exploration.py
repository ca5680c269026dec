"""/v1/exploration: what of the budget is spent, and the kill switch."""

from equipoise.balance.reason import explained
from equipoise.balance.spending import Spending, Spent
from equipoise.serving.call import Answer, Call, json_answer
from equipoise.serving.reading import read_one
from equipoise.serving.schemas import ExplorationIn, ExplorationOut, RefusedOut, SpentOut, UsersOut
from equipoise.serving.state import State


async def get(state: State, call: Call) -> Answer:
    """Show what is spent and what was refused."""
    return json_answer(shown(state.steward.state()))


async def put(state: State, call: Call) -> Answer:
    """Switch exploration off or on."""
    state.steward.turn(on=read_one(call.body, ExplorationIn).enabled)
    return json_answer(shown(state.steward.state()))


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
