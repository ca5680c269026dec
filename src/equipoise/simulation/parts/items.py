"""The goods of a simulated shop: what they are, by item code."""

from dataclasses import dataclass

import numpy as np

from equipoise.types import Floats, Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """`content` (n_items, q) is seen by policies; `groups` (n_items,) says which items are alike.

    `worth` (n_items,) is the expected reward of one click or purchase.
    """

    content: Floats
    groups: Ints
    worth: Floats


def draw_items(n_items: int, content_size: int, *, rng: np.random.Generator) -> Items:
    """Return items of standard normal content, each a group of its own, each worth 1."""
    return Items(
        content=rng.standard_normal((n_items, content_size)),
        groups=np.arange(n_items),
        worth=np.ones(n_items),
    )


def draw_grouped(n_items: int, content_size: int, n_groups: int, *, rng: np.random.Generator) -> Items:
    """Return items in `n_groups` groups of similar content: half the variance lies between the groups."""
    groups = rng.integers(n_groups, size=n_items)
    centres = rng.standard_normal((n_groups, content_size))
    content = (centres[groups] + rng.standard_normal((n_items, content_size))) / np.sqrt(2)
    return Items(content=content, groups=groups, worth=np.ones(n_items))
