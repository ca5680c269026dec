"""Features that a log of decisions does not have: anyone who reads them is told so."""

from typing import Any

import numpy as np

from equipoise.errors import BadInputError
from equipoise.policies.policy import Options, Policy
from equipoise.types import Floats


class Unlogged(np.ndarray[Any, np.dtype[Any]]):
    """An array that has a shape and no numbers.

    A log keeps the features of what was shown, and only of a share of decisions those of all candidates. A
    policy that needs only scores never looks here; one that does must not be judged by made-up features.
    """

    def __array_ufunc__(self, *_: Any, **__: Any) -> Any:
        raise _refusal()

    def __array_function__(self, *_: Any, **__: Any) -> Any:
        raise _refusal()

    def __getitem__(self, _: Any) -> Any:
        raise _refusal()

    @property
    def dtype(self) -> Any:
        """Refuse; compiled code asks this before anything else."""
        raise _refusal()

    def reshape(self, *_: Any, **__: Any) -> Any:
        """Refuse."""
        raise _refusal()

    def astype(self, *_: Any, **__: Any) -> Any:
        """Refuse."""
        raise _refusal()


def unlogged(n: int, m: int, d: int) -> Floats:
    """Return features of shape (n, m, d) that nobody may read; they take no memory."""
    nothing: Floats = np.broadcast_to(np.zeros(()), (n, m, d)).view(Unlogged)
    return nothing


def reads_features(policy: Policy) -> bool:
    """Return whether `policy` looks at more than candidates and their scores, by letting it try."""
    options = Options(
        items=np.array([[0, 1]]),
        scores=np.array([[1.0, 0.0]]),
        features=unlogged(1, 2, 1),
        context=np.zeros((1, 0)),
    )
    try:
        policy.decide(options, 1, rng=np.random.default_rng(0))
    except BadInputError:
        return True
    return False


def _refusal() -> BadInputError:
    return BadInputError(
        "--target",
        "this policy reads features of every candidate, and the log has none of them; choose one that reads "
        "scores, such as greedy, epsilon_greedy or uniform",
    )
