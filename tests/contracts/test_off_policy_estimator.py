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


def test_near_the_truth(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    """Within five standard errors, and for the biased ones within a tenth."""
    log, target = rounds
    found = made(name, log).estimate(log, target)
    slack = 0.1 if name in BIASED | {"DirectMethod"} else 5.0 * found.error
    if name != "Replay":
        assert found.value == pytest.approx(WORLD.truth(), abs=slack)


def test_on_average_over_logs_it_is_the_truth(name: str) -> None:
    if name in BIASED | {"DirectMethod", "Auto", "Tuned"}:
        pytest.skip("is not meant to be")
    logs = (drawn(500, seed) for seed in range(60))
    values = [made(name, log).estimate(log, target).value for log, target in logs]
    error = float(np.std(values)) / len(values) ** 0.5
    assert np.mean(values) == pytest.approx(WORLD.truth(), abs=4.0 * error)


def test_a_target_that_does_what_was_logged_is_worth_what_was_earned(
    name: str, rounds: tuple[LoggedActions, Target]
) -> None:
    log, _ = rounds
    assert log.logging is not None
    found = made(name, log).estimate(log, Target.of(log.logging, log))
    if name in EXACT:
        assert found.value == pytest.approx(log.rewards.mean(), rel=1e-12)
    elif name not in {"Replay", "DirectMethod"}:
        assert found.value == pytest.approx(log.rewards.mean(), abs=5.0 * found.error + 0.01)


def test_the_order_of_rounds_does_not_matter(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    if name in LEARNED:
        pytest.skip("which rounds are held out depends on their order")
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


def test_can_be_read_in_pieces(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    if name in LEARNED | {"MIPS"}:
        pytest.skip("needs the whole log for its weights")
    log, target = rounds
    assert target.all is not None
    parts: list[Weighed] = []
    for rows in np.array_split(np.arange(N), 7):
        piece = log.rows(rows)
        parts.append(Weighed.of(piece, Target.of(target.all[rows], piece)))
    whole = made(name, log).estimate(log, target)
    assert made(name, log).of(Weighed.joined(parts)).value == pytest.approx(whole.value, rel=1e-12)


def test_the_fewest_rounds_that_make_a_log(name: str) -> None:
    if name in LEARNED:
        pytest.skip("cannot learn from two rounds")
    log = LoggedActions(
        actions=np.array([0, 1]),
        rewards=np.array([1.0, 0.7]),
        propensities=np.array([0.5, 0.25]),
        n_actions=2,
        logging=np.array([[0.5, 0.5], [0.75, 0.25]]),
        predictions=np.array([[0.5, 0.5], [0.1, 0.25]]),
        loggers=np.array([0, 0]),
        mixture=np.array([0.5, 0.25]),
    )
    two = exported.MIPS(categories=np.array([[0], [1]]), interval=QUICK)
    estimator = two if name == "MIPS" else made(name, log)
    found = estimator.estimate(log, Target.of(np.array([[0.5, 0.5], [0.5, 0.5]]), log))
    assert np.isfinite(found.value)


def test_without_a_model_it_says_so(name: str, rounds: tuple[LoggedActions, Target]) -> None:
    if name not in MODELLED:
        pytest.skip("needs none")
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
