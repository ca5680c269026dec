"""Outside ids (strings) to dense integers and back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from equipoise.errors import BadInputError
from equipoise.types import Ints

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ids of one kind; the code of an id is its place in `ids`."""

    ids: tuple[str, ...]
    codes: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes = {name: code for code, name in enumerate(self.ids)}
        if len(codes) != len(self.ids):
            raise BadInputError("ids", "an id appears twice; each id has one code")
        object.__setattr__(self, "codes", codes)

    def __len__(self) -> int:
        return len(self.ids)

    def encode(self, ids: Iterable[str]) -> Ints:
        """Return the code of each id, `UNKNOWN` (-1) where there is none."""
        codes = self.codes
        return np.array([codes.get(name, UNKNOWN) for name in ids], dtype=np.int64)

    def decode(self, codes: Iterable[int]) -> list[str]:
        """Return the id of each code; raise `BadInputError` for a code that has none."""
        wanted = [int(code) for code in codes]
        if wanted and not (min(wanted) >= 0 and max(wanted) < len(self.ids)):
            raise BadInputError("codes", f"must lie in 0 to {len(self.ids) - 1}")
        return [self.ids[code] for code in wanted]
