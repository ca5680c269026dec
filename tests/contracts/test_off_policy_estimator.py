"""What every exported off-policy estimator promises, whatever it is."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy import LoggedActions, OffPolicyEstimator, Target
from equipoise.evaluation.offpolicy import estimators as exported
from equipoise.evaluation.offpolicy.auto import Auto
from equipoise.evaluation.offpolicy.estimators.rounds import OfRounds
from equipoise.evaluation.offpolicy.intervals import Normal
from equipoise.evaluation.offpolicy.learners import multinomial
from equipoise.evaluation.offpolicy.tuning import Tuned
from equipoise.evaluation.offpolicy.weighed import Weighed
from equipoise.types import Floats
from offpolicy_synthetic import Synthetic

QUICK, N, WIDE = Normal(), 4_000, 5
WORLD = Synthetic(n_actions=WIDE, sharp=0.6)
KINDS = np.array([[0], [0], [1], [1], [2]])
Make = Callable[[LoggedActions], OfRounds]
SMALL: dict[str, Make] = {
    "Auto": lambda log: Auto(),
    "Tuned": lambda log: Tuned(estimator=exported.ShrinkageDR()),
    "BalancedIPS": lambda log: exported.BalancedIPS(classifier=multinomial),
    "BalancedLoggersDR": lambda log: exported.BalancedLoggersDR(),
    "BalancedLoggersIPS": lambda log: exported.BalancedLoggersIPS(),
    "DirectMethod": lambda log: exported.DirectMethod(),
    "DoublyRobust": lambda log: exported.DoublyRobust(),
    "IPS": lambda log: exported.IPS(),
    "LearnedMIPS": lambda log: exported.LearnedMIPS(
        embeddings=np.eye(3)[KINDS[log.actions, 0]], classifier=multinomial
    ),
    "MIPS": lambda log: exported.MIPS(categories=np.arange(WIDE)[:, None]),
    "Replay": lambda log: exported.Replay(),
    "SelfNormalisedDR": lambda log: exported.SelfNormalisedDR(),
    "SelfNormalisedIPS": lambda log: exported.SelfNormalisedIPS(),
    "ShrinkageDR": lambda log: exported.ShrinkageDR(),
    "SubGaussianDR": lambda log: exported.SubGaussianDR(),
    "SubGaussianIPS": lambda log: exported.SubGaussianIPS(),
    "SwitchDR": lambda log: exported.SwitchDR(),
    "WeightedLoggersDR": lambda log: exported.WeightedLoggersDR(),
    "WeightedLoggersIPS": lambda log: exported.WeightedLoggersIPS(),
}
"""Every exported estimator, as plain as can be: without clips it is unbiased where theory says so."""
LEARNED = {"BalancedIPS", "LearnedMIPS"}
MODELLED = {
    "BalancedLoggersDR", "DirectMethod", "DoublyRobust", "SelfNormalisedDR", "ShrinkageDR", "SubGaussianDR",
    "SwitchDR", "WeightedLoggersDR",
}  # fmt: skip
SHRINKING = {"DoublyRobust", "IPS", "ShrinkageDR", "SubGaussianDR", "SubGaussianIPS", "SwitchDR"}
EXACT = {"BalancedLoggersIPS", "IPS", "MIPS", "SelfNormalisedIPS", "SubGaussianIPS"}
BIASED = {"Replay", "WeightedLoggersIPS", "WeightedLoggersDR"} | LEARNED

TWO_ROUNDS = LoggedActions(
    actions=np.array([0, 1]),
    rewards=np.array([1.0, 0.7]),
    propensities=np.array([0.5, 0.25]),
    n_actions=2,
    logging=np.array([[0.5, 0.5], [0.75, 0.25]]),
    predictions=np.array([[0.5, 0.5], [0.1, 0.25]]),
    loggers=np.array([0, 0]),
    mixture=np.array([0.5, 0.25]),
)
TWO_ROUNDS_MIPS = exported.MIPS(categories=np.array([[0], [1]]), interval=QUICK)
EVEN = Target.of(np.full((2, 2), 0.5), TWO_ROUNDS)


def all_but(*names: str) -> pytest.MarkDecorator:
    """Run a test for the estimators of which its promise is made."""
    return pytest.mark.parametrize("name", sorted(SMALL.keys() - set(names)))


@pytest.fixture(scope="module")
def rounds() -> tuple[LoggedActions, Target]:
    return drawn(N, 1)


def drawn(n: int, seed: int) -> tuple[LoggedActions, Target]:
    log, target = WORLD.drawn(n, np.random.default_rng(seed))
    log = WORLD.model(log, 0.2)
    # The second logger is like the first, so that their mixture is the log's own policy.
    return replace(log, loggers=np.arange(n) % 2, mixture=log.propensities), target


@pytest.fixture(scope="module", params=sorted(SMALL))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_every_exported_estimator_is_here() -> None:
    assert set(exported.__all__) <= SMALL.keys()


def made(name: str, log: LoggedActions) -> OfRounds:
    return replace(SMALL[name](log), interval=QUICK)


def test_is_an_estimator(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    estimator = made(name, log)
    assert isinstance(estimator, OffPolicyEstimator)
    found = estimator.estimate(log, target)
    assert found.low <= found.value <= found.high
    assert np.isfinite([found.value, found.error, found.ess]).all()
    assert 0.0 <= found.ess <= found.n == N


def test_same_input_same_bits_and_inputs_untouched(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    before = [np.array(log.rewards), np.array(log.propensities), np.array(target.all)]
    first, second = (SMALL[name](log).estimate(log, target) for _ in range(2))
    assert first == second
    for was, now in zip(before, (log.rewards, log.propensities, target.all), strict=True):
        np.testing.assert_array_equal(was, now)


@all_but("Replay")  # it judges targets that are sure of their action; see below
def test_near_the_truth(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    """Within five standard errors, and for the biased ones within a tenth."""
    log, target = rounds
    found = made(name, log).estimate(log, target)
    slack = 0.1 if name in BIASED | {"DirectMethod"} else 5.0 * found.error
    assert found.value == pytest.approx(WORLD.truth(), abs=slack)


@all_but(*BIASED, "DirectMethod", "Auto", "Tuned")
def test_on_average_over_logs_it_is_the_truth(name: str) -> None:
    logs = (drawn(500, seed) for seed in range(60))
    values = [made(name, log).estimate(log, target).value for log, target in logs]
    error = float(np.std(values)) / len(values) ** 0.5
    assert np.mean(values) == pytest.approx(WORLD.truth(), abs=4.0 * error)


@all_but("Replay", "DirectMethod")  # it judges targets that are sure; the other reads its model alone
def test_a_target_that_does_what_was_logged_is_worth_what_was_earned(
    name: str, rounds: tuple[LoggedActions, Target]
) -> None:
    log, _ = rounds
    assert log.logging is not None
    found = made(name, log).estimate(log, Target.of(log.logging, log))
    slack = 1e-12 if name in EXACT else 5.0 * found.error + 0.01
    assert found.value == pytest.approx(log.rewards.mean(), abs=slack)


@all_but(*LEARNED)  # which rounds are held out depends on their order
def test_the_order_of_rounds_does_not_matter(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    order = np.random.default_rng(5).permutation(N)
    assert target.all is not None
    shuffled, of_them = log.rows(order), Target.of(target.all[order], log.rows(order))
    assert made(name, shuffled).estimate(shuffled, of_them).value == pytest.approx(
        made(name, log).estimate(log, target).value, rel=1e-9
    )


def test_rewards_in_another_unit_are_worth_it(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    assert log.predictions is not None
    dearer = replace(
        log, rewards=log.rewards * 7.0, predictions=log.predictions * 7.0, reward_range=(0.0, 7.0)
    )
    assert made(name, dearer).estimate(dearer, target).value == pytest.approx(
        7.0 * made(name, log).estimate(log, target).value, rel=1e-9
    )


@all_but(*LEARNED, "MIPS")  # these need the whole log for their weights
def test_can_be_read_in_pieces(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    assert target.all is not None
    parts: list[Weighed] = []
    for rows in np.array_split(np.arange(N), 7):
        piece = log.rows(rows)
        parts.append(Weighed.of(piece, Target.of(target.all[rows], piece)))
    whole = made(name, log).estimate(log, target)
    assert made(name, log).of(Weighed.joined(parts)).value == pytest.approx(whole.value, rel=1e-12)


@all_but("LearnedMIPS")
def test_the_fewest_rounds_that_make_a_log(name: str) -> None:
    estimator = TWO_ROUNDS_MIPS if name == "MIPS" else made(name, TWO_ROUNDS)
    assert np.isfinite(estimator.estimate(TWO_ROUNDS, EVEN).value)


def test_too_few_rounds_to_learn_from_are_refused() -> None:
    """A half of two rounds shows one action only: there is nothing to tell apart."""
    estimator = exported.LearnedMIPS(embeddings=np.eye(2), classifier=multinomial)
    with pytest.raises(BadInputError, match="log: a fold of it is too little to learn from"):
        estimator.estimate(TWO_ROUNDS, EVEN)


def test_replay_of_a_uniform_log_is_worth_what_a_sure_target_earns() -> None:
    rng = np.random.default_rng(3)
    actions, sure = rng.integers(0, 3, 9_000), np.array([2, 0])[np.arange(9_000) % 2]
    worth = np.array([0.1, 0.4, 0.7])
    log = LoggedActions(
        actions=actions,
        rewards=(rng.random(9_000) < worth[actions]) * 1.0,
        propensities=np.full(9_000, 1 / 3),
        n_actions=3,
    )
    found = exported.Replay(interval=QUICK).estimate(log, Target.of(np.eye(3)[sure], log))
    assert found.ess == (actions == sure).sum()
    assert found.value == pytest.approx(log.rewards[actions == sure].mean())
    assert found.low < 0.5 * (0.7 + 0.1) < found.high


@pytest.mark.parametrize("name", sorted(MODELLED))
def test_without_a_model_it_says_so(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    log, target = rounds
    with pytest.raises(BadInputError, match="predictions"):
        made(name, log).estimate(replace(log, predictions=None), target)


@pytest.mark.parametrize("family", sorted(SHRINKING))
def test_shrunk_weights_are_never_larger_and_the_grid_begins_without(
    family: str, rounds: tuple[LoggedActions, Target]
) -> None:
    log, target = rounds
    weights = Weighed.of(log, target).weights
    grid = getattr(exported, family)().grid(weights)
    np.testing.assert_array_equal(grid[0].shrunk(weights), weights)
    for setting in grid:
        shrunk: Floats = setting.shrunk(weights)
        above_one = weights >= 1.0
        assert (shrunk[above_one] <= weights[above_one] + 1e-12).all()
        assert (shrunk >= 0.0).all()
    assert len(grid) > 5
