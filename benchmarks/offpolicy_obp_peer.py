"""What Open Bandit Pipeline 0.5.7 says of a feedback. Runs in an environment of its own, without equipoise.

python offpolicy_obp_peer.py equal FEEDBACK.npz      every estimator's value, as JSON
python offpolicy_obp_peer.py speed ROUNDS            seconds and memory of one evaluation, as JSON
"""

import json
import resource
import sys
import time
import warnings
from typing import Any

import numpy as np

warnings.filterwarnings("ignore")


def equal(path: str) -> dict[str, float]:
    from obp import ope

    told = dict(np.load(path))
    n = len(told["action"])
    cube = {name: told[name][:, :, None] for name in ("target", "logging", "predictions")}
    base = {"reward": told["reward"], "action": told["action"], "pscore": told["propensity"],
            "action_dist": cube["target"], "position": np.zeros(n, int)}  # fmt: skip
    model = {"estimated_rewards_by_reg_model": cube["predictions"]}
    sure = (told["target"] == told["target"].max(axis=1, keepdims=True)).astype(float)[:, :, None]
    plain: list[tuple[str, Any, dict[str, Any]]] = [
        ("ips", ope.InverseProbabilityWeighting(), base),
        ("ips 3", ope.InverseProbabilityWeighting(lambda_=3.0), base),
        ("self_normalised", ope.SelfNormalizedInverseProbabilityWeighting(), base),
        ("replay", ope.ReplayMethod(), base | {"action_dist": sure}),
        ("direct_method", ope.DirectMethod(), base | model),
        ("doubly_robust", ope.DoublyRobust(), base | model),
        ("doubly_robust 3", ope.DoublyRobust(lambda_=3.0), base | model),
        ("self_normalised_dr", ope.SelfNormalizedDoublyRobust(), base | model),
        ("switch_dr 3", ope.SwitchDoublyRobust(lambda_=3.0), base | model),
        ("shrinkage_dr 10", ope.DoublyRobustWithShrinkage(lambda_=10.0), base | model),
        ("sub_gaussian .05", ope.SubGaussianInverseProbabilityWeighting(lambda_=0.05), base),
        ("sub_gaussian_dr .05", ope.SubGaussianDoublyRobust(lambda_=0.05), base | model),
        ("balanced_ips", ope.BalancedInverseProbabilityWeighting(),
         base | {"estimated_importance_weights": told["guessed"]}),
        ("loggers balanced", ope.MultiLoggersBalancedInverseProbabilityWeighting(),
         base | {"pscore_avg": told["mixture"]}),
        ("loggers weighted", ope.MultiLoggersWeightedInverseProbabilityWeighting(),
         base | {"stratum_idx": told["logger"]}),
        ("loggers balanced dr", ope.MultiLoggersBalancedDoublyRobust(),
         base | model | {"pscore_avg": told["mixture"]}),
        ("loggers weighted dr", ope.MultiLoggersWeightedDoublyRobust(),
         base | model | {"stratum_idx": told["logger"]}),
    ]  # fmt: skip
    values = {name: estimator.estimate_policy_value(**given) for name, estimator, given in plain}
    return values | _embedded(ope, told, cube) | _slates(ope, told) | _tuned(ope, base, model)


def _embedded(ope: Any, told: Any, cube: Any) -> dict[str, float]:
    given = {"reward": told["reward"], "action": told["action"], "action_embed": told["embedding"],
             "pi_b": cube["logging"], "action_dist": cube["target"], "p_e_a": told["embedding_chances"],
             "context": told["context"], "position": np.zeros(len(told["action"]), int)}  # fmt: skip
    wide, first = told["logging"].shape[1], slice(1)
    one = given | {
        "action_embed": told["embedding"][:, first],
        "p_e_a": told["embedding_chances"][:, :, first],
    }
    return {
        "mips": ope.MarginalizedInverseProbabilityWeighting(n_actions=wide).estimate_policy_value(**given),
        # For several dimensions it multiplies their marginal chances, unlike its own plain estimator.
        "mips normalised": ope.SelfNormalizedMarginalizedInverseProbabilityWeighting(
            n_actions=wide
        ).estimate_policy_value(**one),
    }


def _slates(ope: Any, told: Any) -> dict[str, float]:
    n, k = told["slate_reward"].shape
    flat: dict[str, Any] = {
        "slate_id": np.repeat(np.arange(n), k),
        "reward": told["slate_reward"].ravel(),
        "position": np.tile(np.arange(k), n),
    }
    kinds = [
        ("sips", "SlateStandardIPS", "pscore", "whole"),
        ("iips", "SlateIndependentIPS", "pscore_item_position", "marginal"),
        ("rips", "SlateRewardInteractionIPS", "pscore_cascade", "cascade"),
        ("sips normalised", "SelfNormalizedSlateStandardIPS", "pscore", "whole"),
        ("iips normalised", "SelfNormalizedSlateIndependentIPS", "pscore_item_position", "marginal"),
        ("rips normalised", "SelfNormalizedSlateRewardInteractionIPS", "pscore_cascade", "cascade"),
    ]
    values = {}
    for name, kind, argument, chances in kinds:
        estimator = getattr(ope, kind)(len_list=k)
        given = {
            argument: told[f"{chances}_logging"],
            f"evaluation_policy_{argument}": told[f"{chances}_target"],
        }
        values[name] = estimator.estimate_policy_value(**flat, **given)
    cascade = ope.SlateCascadeDoublyRobust(len_list=k, n_unique_action=told["slate_q"].shape[2])
    values["cascade_dr"] = cascade.estimate_policy_value(
        **flat,
        action=told["slate_action"].ravel(),
        pscore_cascade=told["cascade_logging"],
        evaluation_policy_pscore_cascade=told["cascade_target"],
        q_hat=told["slate_q"].ravel(),
        evaluation_policy_action_dist=told["slate_dist"].ravel(),
    )
    return values


def _tuned(ope: Any, base: Any, model: Any) -> dict[str, float]:
    grid = [float(step) for step in (1, 2, 4, 8, 16, 32, 1e6)]
    plain = {"use_bias_upper_bound": False, "delta": 0.05}
    return {
        f"tuned {name} {way}": getattr(ope, kind)(lambdas=grid, tuning_method=way, **plain)
        .estimate_policy_value_with_tuning(**(base | extra))
        for name, kind, extra in (
            ("ips", "InverseProbabilityWeightingTuning", {}),
            ("dr", "DoublyRobustTuning", model),
        )
        for way in ("mse", "slope")
    }  # fmt: skip


def speed(rounds: int) -> dict[str, Any]:
    from obp import ope

    told = drawn(rounds)
    given = {"reward": told["reward"], "action": told["action"], "pscore": told["propensity"],
             "action_dist": told["target"][:, :, None], "position": np.zeros(rounds, int),
             "estimated_rewards_by_reg_model": told["predictions"][:, :, None]}  # fmt: skip
    before, start = peak(), time.perf_counter()
    found = {}
    for name, estimator in (
        ("ips", ope.InverseProbabilityWeighting()),
        ("doubly_robust", ope.DoublyRobust()),
    ):
        value = estimator.estimate_policy_value(**given)
        ends = estimator.estimate_interval(**given, n_bootstrap_samples=100, random_state=0)
        found[name] = [value, ends["95.0% CI (lower)"], ends["95.0% CI (upper)"]]
    return {"seconds": time.perf_counter() - start, "before_mb": before, "peak_mb": peak(), "found": found}


def drawn(rounds: int, actions: int = 20) -> dict[str, Any]:
    """Return a synthetic feedback; equipoise's side draws the same, a piece at a time."""
    parts = [piece(number, size, actions) for number, size in pieces(rounds)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def pieces(rounds: int, size: int = 10_000) -> list[tuple[int, int]]:
    return [(start // size, min(size, rounds - start)) for start in range(0, rounds, size)]


def piece(number: int, size: int, actions: int) -> dict[str, Any]:
    """Return rounds drawn by seed `number`: softmax policies, clicks by a logistic truth."""
    plan, rng = np.random.default_rng(7), np.random.default_rng(number)
    ways = plan.normal(size=(3, 5, actions)) / 2
    context = rng.normal(size=(size, 5))
    logging, target = (_softmax(context @ ways[which]) for which in (0, 1))
    truth = 1.0 / (1.0 + np.exp(2.0 - context @ ways[2]))
    action = np.minimum((logging.cumsum(axis=1) < rng.random(size)[:, None]).sum(axis=1), actions - 1)
    rows = np.arange(size)
    reward = (rng.random(size) < truth[rows, action]).astype(float)
    return {"action": action, "reward": reward, "propensity": logging[rows, action], "target": target,
            "predictions": 0.8 * truth + 0.02}  # fmt: skip


def example(name: str, run: int, path: str) -> dict[str, float]:
    """Write the feedback of a run of an example to `path`; return the relative error of each estimator."""
    from obp import ope
    from sklearn.linear_model import LogisticRegression

    plain = {"max_iter": 10_000, "C": 100, "random_state": 12345}
    feedback, dist, truth = (_synthetic if name == "synthetic" else _digits)(run, LogisticRegression, plain)
    model = ope.RegressionModel(n_actions=feedback["n_actions"], base_model=LogisticRegression(**plain))
    told = {key: feedback[key] for key in ("context", "action", "reward")}
    predictions = model.fit_predict(**told, n_folds=3, random_state=12345)
    np.savez(path, **told, target=dist[:, :, 0], predictions=predictions[:, :, 0], truth=truth,
             propensity=feedback["pscore"], n_actions=feedback["n_actions"])  # fmt: skip
    grid = [10, 50, 100, 500, 1000, 5000, 10000, np.inf]
    estimators = [
        ope.DirectMethod(), ope.InverseProbabilityWeighting(), ope.DoublyRobust(),
        ope.SelfNormalizedInverseProbabilityWeighting(), ope.SelfNormalizedDoublyRobust(),
        ope.SwitchDoublyRobustTuning(lambdas=grid), ope.DoublyRobustWithShrinkageTuning(lambdas=grid),
        ope.DoublyRobustWithShrinkage(lambda_=100, estimator_name="dr-os (100)"),
    ]  # fmt: skip
    judge = ope.OffPolicyEvaluation(bandit_feedback=feedback, ope_estimators=estimators)
    return {
        key: float(value)
        for key, value in judge.evaluate_performance_of_estimators(
            ground_truth_policy_value=truth, action_dist=dist,
            estimated_rewards_by_reg_model=predictions, metric="relative-ee",
        ).items()
    }  # fmt: skip


def _synthetic(run: int, learner: Any, plain: Any) -> tuple[Any, Any, float]:
    from obp.dataset import SyntheticBanditDataset, logistic_reward_function
    from obp.policy import IPWLearner

    world = SyntheticBanditDataset(
        n_actions=30, dim_context=5, reward_function=logistic_reward_function, beta=-3, random_state=run
    )
    policy = IPWLearner(n_actions=30, base_classifier=learner(**plain))
    train, test = (world.obtain_batch_bandit_feedback(n_rounds=10_000) for _ in range(2))
    policy.fit(**{key: train[key] for key in ("context", "action", "reward", "pscore")})
    dist = policy.predict_proba(context=test["context"])
    return test, dist, world.calc_ground_truth_policy_value(test["expected_reward"], dist)


def _digits(run: int, learner: Any, plain: Any) -> tuple[Any, Any, float]:
    from obp.dataset import MultiClassToBanditReduction
    from sklearn.datasets import load_digits

    rows, labels = load_digits(return_X_y=True)
    world = MultiClassToBanditReduction(X=rows, y=labels, base_classifier_b=learner(**plain), alpha_b=0.4)
    world.split_train_eval(eval_size=0.7, random_state=run)
    feedback = world.obtain_batch_bandit_feedback(random_state=run)
    dist = world.obtain_action_dist_by_eval_policy(base_classifier_e=learner(**plain), alpha_e=0.9)
    return feedback, dist, world.calc_ground_truth_policy_value(action_dist=dist)


def _softmax(scores: Any) -> Any:
    heavy = np.exp(scores - scores.max(axis=1, keepdims=True))
    return heavy / heavy.sum(axis=1, keepdims=True)


def peak() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    if what == "equal":
        print(json.dumps(equal(rest[0])))
    elif what == "speed":
        print(json.dumps(speed(int(rest[0]))))
    else:
        print(json.dumps(example(what, int(rest[0]), rest[1])))
