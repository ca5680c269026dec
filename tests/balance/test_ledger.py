"""The budget holds in every window of every user, surface and position, in any run."""

from collections import defaultdict, deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.balance.budget import Budget
from equipoise.balance.grant import Grant
from equipoise.balance.ledger import Charge, Ledger
from equipoise.balance.reason import Reason
from equipoise.errors import BadInputError
from equipoise.policies import Options, Uniform
from equipoise.random import derive
from equipoise.types import Bools

from .law import lawful

SHARES = st.sampled_from([0.0, 0.07, 0.1, 0.29, 0.5, 0.95, 1.0])
REQUEST = st.tuples(st.integers(0, 6), st.integers(0, 2), st.integers(0, 9), st.integers(0, 2**32))


def greedy_for_more(grant: Grant, k: int, seed: int) -> Bools:
    """Return as many explored positions as the grant allows, chosen at random, (k,)."""
    explored, open_ = np.zeros(k, np.bool_), np.flatnonzero(grant.allowed)
    explored[np.random.default_rng(seed).permutation(open_)[: grant.positions]] = True
    return explored


@settings(max_examples=150, deadline=None)
@given(
    shares=st.tuples(SHARES, SHARES, SHARES, SHARES),
    window=st.integers(1, 30),
    users=st.integers(1, 4),
    requests=st.lists(REQUEST, max_size=80),
    delay=st.integers(0, 3),
)
def test_no_window_is_ever_exceeded(
    shares: tuple[float, float, float, float],
    window: int,
    users: int,
    requests: list[tuple[int, int, int, int]],
    delay: int,
) -> None:
    """Also where more users come than are remembered, slates overlap, and some are never shown."""
    share, per_user, per_surface, per_position = shares
    budget = Budget(
        share=share,
        per_user=per_user,
        per_surface=per_surface,
        per_position=per_position,
        window=window,
        users=users,
        protected_surfaces=("checkout",),
    )
    ledger, waiting, shown = Ledger(budget), deque[Charge](), list[Charge]()
    for user, surface, k, seed in requests:
        asked = f"u{user}", ("home", "basket", "checkout")[surface], k
        charge = Charge.of(asked[0], asked[1], greedy_for_more(ledger.grant(*asked), k, seed))
        ledger.hold(charge)
        waiting.append(charge)
        while len(waiting) > delay:
            final = waiting.popleft()
            if seed % 5 == 0:
                ledger.release(final)
            else:
                ledger.settle(final)
                shown.append(final)
    assert_kept(budget, shown)


def assert_kept(budget: Budget, shown: list[Charge]) -> None:
    streams: dict[tuple[str, object], list[bool]] = defaultdict(list)
    for charge in shown:
        assert not (charge.surface in budget.protected_surfaces and charge.explored.any())
        for place, each in enumerate(charge.explored.tolist()):
            streams["share", ""].append(each)
            streams["per_user", charge.user].append(each)
            streams["per_surface", charge.surface].append(each)
            streams["per_position", place].append(each)
    for (name, key), stream in streams.items():
        assert lawful(stream, getattr(budget, name), budget.window), (name, key)


def offer(m: int) -> Options:
    rng = derive(1, "options")
    return Options(
        items=np.arange(m)[None],
        scores=rng.normal(size=(1, m)),
        features=rng.normal(size=(1, m, 2)),
        context=np.zeros((1, 0)),
    )


def served(ledger: Ledger, times: int, *, k: int = 6, surface: str = "home") -> list[Charge]:
    """Let chance choose slates within the ledger's grants."""
    shown = []
    for number in range(times):
        user = f"u{number % 7}"
        grant = ledger.grant(user, surface, k)
        slates, refused = grant.decide(Uniform().start(2), offer(12), k, rng=derive(2, number))
        charge = Charge.of(user, surface, slates.explored[0])
        cause = grant.blame(charge.spent)
        if cause is not None:
            ledger.refuse(cause, refused)
        ledger.book(charge)
        shown.append(charge)
    return shown


def test_a_policy_that_would_explore_all_explores_the_budget() -> None:
    budget = Budget(share=0.2, per_position=0.5, window=100)
    shown = served(Ledger(budget), 300)
    assert_kept(budget, shown)
    assert 0.18 < np.mean([charge.explored for charge in shown[20:]]) <= 0.2


def test_every_position_gets_its_turn_where_positions_have_a_share() -> None:
    shown = served(Ledger(Budget(per_position=0.25, window=40)), 400)
    assert np.mean([charge.explored for charge in shown], axis=0) == pytest.approx(0.25, abs=0.01)


def test_the_switch_takes_effect_on_the_next_slate() -> None:
    ledger = Ledger(Budget())
    assert served(ledger, 5)[-1].explored.any()
    ledger.enabled = False
    assert not any(charge.explored.any() for charge in served(ledger, 5))
    ledger.enabled = True
    assert served(ledger, 5)[-1].explored.any()


@pytest.mark.parametrize(
    ("budget", "surface", "cause"),
    [
        (Budget(share=0.0), "home", Reason.BUDGET_SPENT),
        (Budget(per_user=0.0), "home", Reason.USER_BUDGET_SPENT),
        (Budget(per_surface=0.0), "home", Reason.SURFACE_BUDGET_SPENT),
        (Budget(per_position=0.0), "home", Reason.POSITION_BUDGET_SPENT),
        (Budget(), "checkout", Reason.CHECKOUT),
        (Budget(protected_surfaces=("mail",)), "mail", Reason.PROTECTED),
        (Budget(protected_positions=6), "home", Reason.PROTECTED),
        (Budget(protected_positions=2, per_position=0.0), "home", Reason.POSITION_BUDGET_SPENT),
    ],
)
def test_what_was_refused_is_counted_under_its_cause(budget: Budget, surface: str, cause: Reason) -> None:
    ledger = Ledger(budget)
    assert not any(charge.explored.any() for charge in served(ledger, 3, surface=surface))
    refused = ledger.state().refused
    assert list(refused) == [cause]
    assert refused[cause] == pytest.approx(3 * sum(1 - 1 / left for left in range(12, 6, -1)))


def test_the_first_positions_may_be_kept_from_exploring() -> None:
    shown = served(Ledger(Budget(protected_positions=2)), 50)
    explored = np.array([charge.explored for charge in shown])
    assert not explored[:, :2].any()
    assert explored[:, 2:].any()


def test_the_state_says_what_is_spent_and_pending() -> None:
    ledger = Ledger(Budget(share=0.5, window=10))
    ledger.book(Charge.of("u", "home", np.array([False, True, False, False])))
    ledger.hold(Charge.of("u", "home", np.array([True, False])))
    state = ledger.state()
    assert (state.overall.impressions, state.overall.explored, state.overall.pending) == (4, 1, 1)
    assert state.overall.share == 0.25
    assert state.surfaces["home"].explored == 1
    assert [spent.explored for spent in state.positions] == [0, 1, 0, 0]
    assert Ledger(Budget()).state().overall.share is None


def test_memory_is_bounded_by_the_users_remembered() -> None:
    ledger = Ledger(Budget(per_user=0.5, users=10))
    for number in range(1_000):
        ledger.book(Charge.of(f"u{number}", f"s{number % 3}", np.array([True, False])))
    state = ledger.state()
    assert (state.users, state.users_forgotten) == (10, 990)


def test_many_surfaces_are_forgotten_too() -> None:
    ledger = Ledger(Budget(per_surface=0.5))
    for number in range(1_500):
        ledger.book(Charge.of("u", f"s{number}", np.array([True])))
    assert len(ledger.state().surfaces) == 1_000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("share", 1.5),
        ("per_user", -0.1),
        ("per_surface", float("nan")),
        ("window", 0),
        ("window", 10**9),
        ("protected_positions", -1),
        ("users", 0),
    ],
)
def test_a_budget_that_cannot_be_is_refused(field: str, value: float) -> None:
    with pytest.raises(BadInputError, match=f"{field}: "):
        Budget(**{field: value})  # type: ignore[arg-type]
