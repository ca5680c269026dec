import numpy as np

from equipoise.kernels import kernel, summing_kernel
from equipoise.types import Floats


@kernel
def _halved(numbers: Floats, by: float) -> Floats:
    out = np.empty_like(numbers)
    for place in range(len(numbers)):
        out[place] = numbers[place] / by
    return out


def test_a_kernel_computes_and_divides_as_numpy_does() -> None:
    np.testing.assert_array_equal(_halved(np.array([1.0, -2.0]), 2.0), [0.5, -1.0])
    assert np.isinf(_halved(np.ones(1), 0.0)).all()


@summing_kernel
def total(numbers: Floats) -> float:
    acc = 0.0
    for number in numbers:
        acc += number
    return acc


def test_sums_in_any_order_keep_what_is_no_number() -> None:
    assert total(np.arange(101.0)) == 5050.0
    assert np.isnan(total(np.array([1.0, np.nan])))
    assert np.isinf(total(np.array([1.0, np.inf])))
