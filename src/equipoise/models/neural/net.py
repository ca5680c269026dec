"""What a net is: vectors of items in, oldest first, and what each place expects next out."""

from typing import Protocol

from equipoise.models.neural.backends.backend import Array, Backend
from equipoise.types import Ints


class Net(Protocol):
    """A frozen dataclass of arrays, layers and tuples of them; its fields are what is learnt and saved."""

    def __call__(self, x: Array, ages: Ints, on: Backend) -> Array:
        """Return the vectors (b, n, d) after each place of `x` (b, n, d), told by no later place.

        Rows shorter than n are filled up at their end. `ages` (b, n) counts the places until the newest
        item of the row, 0 for that item and for the filling.
        """
        ...
