import numpy as np

from equipoise.kernels import kernel
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
