"""What every split comes to, and the one place where rows are cut: what is asked for is nowhere else."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut, held_out
from equipoise.errors import BadInputError
from equipoise.types import Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is learned from, and what is asked.

    Models are fitted on `train` and answer `asked`, whose targets may repeat what a user had met. `past`
    is all that may be looked at before the answers are: validation is carved out of it. `left_out` users
    have targets and nothing before them, and are not asked.
    """

    train: Interactions
    past: Interactions
    asked: HeldOut
    left_out: int = 0

    def questions(self, *, exclude_seen: bool) -> HeldOut:
        """Return what is asked; where seen items are excluded, only for items new to the user."""
        return self.asked.of_new_items(self.train.n_items) if exclude_seen else self.asked

    def sizes(self) -> dict[str, int]:
        """Return the sizes, fit for a table or JSON."""
        return {
            "train_interactions": len(self.train),
            "train_users": len(np.unique(self.train.users)),
            "train_items": len(np.unique(self.train.items)),
            "test_users": len(self.asked),
            "test_targets": len(self.asked.targets.items),
            "users_without_history": self.left_out,
        }


class Rule(Protocol):
    """A way to hold data out."""

    @property
    def twin(self) -> "Rule":
        """The rule that holds validation data out of `Parts.past`, as this one holds out the test."""
        ...

    def hold_out(self, data: Interactions) -> Parts:
        """Cut `data`; raise `BadInputError` where nothing is left to learn from or to ask."""
        ...


def cut(data: Interactions, *, train: Bools, known: Bools, asked: Bools, past: Bools | None = None) -> Parts:
    """Return the parts of `data` by masks (n,): rows to learn from, rows of histories, rows of targets.

    `past` is, where not given, what is learned from or known. Raises `BadInputError` where a target is in
    any of the others, or a part is empty.
    """
    seen = train | known
    past = seen if past is None else past
    if (asked & (seen | past)).any():
        raise BadInputError("split", "a row is asked for and known at once; a rule must keep them apart")
    before, targets = data.where(known), data.where(asked)
    has_history = np.bincount(before.users, minlength=data.n_users) > 0
    parts = Parts(
        train=data.where(train),
        past=data.where(past),
        asked=held_out(before, targets.where(has_history[targets.users])),
        left_out=len(np.unique(targets.users[~has_history[targets.users]])),
    )
    if len(parts.train) == 0 or len(parts.asked) == 0:
        raise BadInputError(
            "--split", "leaves nothing to learn from, or nobody to ask; choose another, or give more data"
        )
    return parts
