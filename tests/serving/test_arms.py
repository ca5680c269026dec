"""Who gets which variant."""

from collections import Counter

import pytest

from equipoise.serving.arms import assign
from equipoise.serving.problem import Problem
from equipoise.serving.settings import Variant

VARIANTS = {
    "a": Variant(policy="uniform", share=0.2),
    "b": Variant(policy="uniform", share=0.8),
    "c": Variant(policy="uniform"),
}


def test_shares_are_kept_and_nobody_gets_a_variant_without_one() -> None:
    found = Counter(assign(f"u{number}", VARIANTS, None, seed=7) for number in range(5_000))
    assert set(found) == {"a", "b"}
    assert found["a"] / 5_000 == pytest.approx(0.2, abs=0.03)


def test_a_shopper_always_meets_the_same_variant() -> None:
    again = {assign("u1", VARIANTS, None, seed=7) for _ in range(50)}
    assert len(again) == 1


def test_another_seed_shares_shoppers_out_anew() -> None:
    def shared(seed: int) -> list[str]:
        return [assign(f"u{number}", VARIANTS, None, seed=seed) for number in range(100)]

    assert shared(1) != shared(2)


def test_any_variant_can_be_forced_but_no_other() -> None:
    assert assign("u1", VARIANTS, "c", seed=7) == "c"
    with pytest.raises(Problem, match="a, b, c"):
        assign("u1", VARIANTS, "d", seed=7)
