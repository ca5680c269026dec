"""A piece of the log of decisions, and the part of it that a policy which reads features can be judged on."""

from dataclasses import dataclass

import numpy as np

from equipoise.policies.policy import Options
from equipoise.types import Bools, Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The features of all candidates of the decisions in `rows` (r,): `features` (r, m, d).

    `shares` (r,) are the chances with which they were kept, by a coin that knows nothing of the decision.
    """

    rows: Ints
    features: Floats
    shares: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A piece of the log: n decisions among up to m candidates, slates of up to k positions.

    `options` with the scores as logged (rounded to 11 bits) and features nobody may read; `actions` (n, k)
    places among the candidates, -1 where a slate is shorter; `propensities` (n, k) given those above, 1
    there; `rewards` (n, k); `seen` (n,) whether an event names the decision. `kept`, of which the log has
    the features of all candidates. `stands` (n,) for how many decisions each speaks, None where for itself.
    """

    options: Options
    actions: Ints
    propensities: Floats
    rewards: Floats
    seen: Bools
    kept: Kept | None = None
    stands: Floats | None = None

    def __len__(self) -> int:
        return len(self.actions)


def everything(piece: Decided) -> Decided | None:
    """Return the decisions on which a policy that reads no more than scores can be judged: all of them."""
    return piece


def featured(piece: Decided) -> Decided | None:
    """Return the decisions of which the features of all candidates were kept, with these; None where none.

    Each stands for as many as its chance to be kept says (Horvitz and Thompson, 1952).
    """
    kept = piece.kept
    if kept is None or len(kept.rows) == 0:
        return None
    rows, options = kept.rows, piece.options
    return Decided(
        options=Options(
            items=options.items[rows],
            scores=options.scores[rows],
            features=kept.features,
            context=options.context[rows],
        ),
        actions=piece.actions[rows],
        propensities=piece.propensities[rows],
        rewards=piece.rewards[rows],
        seen=piece.seen[rows],
        stands=1.0 / kept.shares,
    )


def joined_stands(parts: list[Floats | None]) -> Floats | None:
    """Return for how many decisions each of a log's speaks, with mean 1; None where each does for itself."""
    told = [part for part in parts if part is not None]
    if not told:
        return None
    stands = np.concatenate(told)
    scaled: Floats = stands / stands.mean()
    return scaled
