"""Decisions and clicks of a past whose truth is known, to be written into a log."""

from collections.abc import Iterator

import numpy as np

from equipoise.data.content import TextEncoder
from equipoise.data.interactions import Interactions
from equipoise.events.facts import Choice, Decision, Event, Fact, Item
from equipoise.models import ItemKNN
from equipoise.policies import Uniform
from equipoise.random import derive
from equipoise.recommenders.published import Published
from equipoise.recommenders.recipes.shop import shop

N_ITEMS, CANDIDATES, K = 30, 6, 2
START = 1_720_000_000_000_000
"""After the orders of the shop."""


def clicks() -> np.ndarray:
    """Return the chance of a click on each item: it falls with the code, but the last ones are liked most."""
    chances = np.linspace(0.3, 0.05, N_ITEMS)
    chances[-3:] = 0.6
    return chances


def past(
    n: int,
    *,
    policy: str = "balanced",
    variant: str = "policy",
    explores: bool = True,
    start: int = 0,
) -> Iterator[Fact]:
    """Yield `n` slates of two of six items, drawn uniformly or by score alone, and what was clicked.

    A score is the higher the smaller the code of the item.
    """
    rng, chances = derive(5, "past", policy, variant, start), clicks()
    for number in range(start, start + n):
        items = np.sort(rng.permutation(N_ITEMS)[:CANDIDATES])
        places = rng.permutation(CANDIDATES)[:K] if explores else np.arange(K)
        name, time = f"{policy}-{variant}-{number}", START + number * 1_000_000
        yield Decision(
            recommendation_id=name,
            user_id=f"u{number % 40}",
            session_id=None,
            surface="home",
            timestamp=time,
            policy=policy,
            policy_version=1,
            variant=variant,
            candidates=tuple(f"i{item}" for item in items),
            scores=-items.astype(np.float32),
            features_version="none",
            slate=tuple(
                Choice(
                    item_id=f"i{items[place]}",
                    position=position,
                    score=-float(items[place]),
                    propensity=1.0 / (CANDIDATES - position) if explores else 1.0,
                    explored=False,
                    source="popular",
                )
                for position, place in enumerate(places)
            ),
            exploration=0.0,
            reason="greedy",
        )
        for position, place in enumerate(places):
            if rng.random() < chances[items[place]]:
                yield Event(
                    event_id=f"{name}-{position}",
                    event_type="click",
                    timestamp=time + 1,
                    user_id=f"u{number % 40}",
                    item_id=f"i{items[place]}",
                    recommendation_id=name,
                )


def items() -> list[Item]:
    """Return the items of the shop, in the order of their codes."""
    return [
        Item(item_id=f"i{code}", timestamp=START, title=f"Mug number {code}", price=2.0)
        for code in range(N_ITEMS)
    ]


def published() -> Published:
    """Return the least recommender that a shop can serve."""
    codes, ones = np.arange(N_ITEMS), np.ones(N_ITEMS)
    data = Interactions(
        users=codes // 6, items=codes, times=codes + 1, weights=ones, values=ones, n_users=5, n_items=N_ITEMS
    )
    scorer = ItemKNN().fit(data, rng=derive(7, "item_knn"))
    recommender = shop({"item_knn": scorer}, {"item_knn": 1.0}, data, Uniform().start(1))
    return Published(
        recommender=recommender,
        vocabulary=tuple(item.item_id for item in items()),
        encoder=TextEncoder.fit([item.title for item in items()]),
        trained_until=recommender.trained_until,
        currency="GBP",
    )
