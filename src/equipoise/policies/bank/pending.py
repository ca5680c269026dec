"""What the models of a bank said of impressions that earned nothing so far.

A failure may still become a success. By then the models have learnt from it, and from the others around it:
what they say now no longer tells how good they are. So what each said in advance is kept, and a late success
is held against that (prequential: Dawid, 1984, "Statistical theory: the prequential approach").
"""

from dataclasses import dataclass

import numpy as np

from equipoise.random import derive
from equipoise.types import Floats, Ints

ROOM = 32_768
"""How many impressions are remembered: 44 bytes each for eighteen models. Later successes are no evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """The newest impressions without a reward, oldest first.

    `keys` (r,) tell which impression it was, `odds` (r, j) the logarithm of the odds that each of j models
    gave to a success.
    """

    keys: Ints
    odds: Floats

    @classmethod
    def none(cls, n_models: int) -> "Pending":
        """Return the state before any impression."""
        return cls(keys=np.zeros(0, np.int64), odds=np.zeros((0, n_models), np.float16))

    def __len__(self) -> int:
        return len(self.keys)

    def with_more(self, keys: Ints, odds: Floats) -> "Pending":
        """Return the state after impressions without a reward, (n,) and (n, j)."""
        if len(keys) == 0:
            return self
        return Pending(
            keys=np.concatenate([self.keys, keys])[-ROOM:],
            odds=np.concatenate([self.odds, odds.astype(np.float16)])[-ROOM:],
        )

    def settled(self, keys: Ints) -> tuple["Pending", Floats]:
        """Return what is left after successes `keys`, and by how much they change the evidence, (j,).

        That is log p - log(1 - p), for a failure was counted before. An impression succeeds once; what is
        not known here changes nothing.
        """
        found = np.flatnonzero(np.isin(self.keys, keys))
        # The same thing shown again to somebody alike: the newest.
        found = found[len(found) - 1 - np.unique(self.keys[found][::-1], return_index=True)[1]]
        left = np.delete(np.arange(len(self)), found)
        owed = self.odds[found].sum(axis=0, dtype=np.float64)
        return Pending(keys=self.keys[left], odds=self.odds[left]), owed


def keys_of(items: Ints, features: Floats) -> Ints:
    """Return a number for each of n `items` with `features` (n, d): equal ones have the same."""
    bits = np.ascontiguousarray(features, np.float64).view(np.int64)
    factors = derive(0, "keys of impressions").integers(2**63, size=bits.shape[1] + 1) | 1
    # An odd factor each, modulo 2^64: a multiplicative hash (Dietzfelbinger et al., 1997).
    return np.asarray((bits ^ (bits >> 29)) @ factors[1:] + items * factors[0])
