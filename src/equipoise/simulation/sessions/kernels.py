"""The loops of the session environment: one pass over all shoppers at once."""

import numpy as np

from equipoise.kernels import kernel
from equipoise.types import Floats, Ints


@kernel
def candidates_into(order: Ints, liked: int, who: Ints, chance: Floats, candidates: Ints) -> None:
    """Fill `candidates` (n, m): half from a random stretch of what is liked, half from the others."""
    n, m = candidates.shape
    others = order.shape[1] - liked
    best = max(m // 2, m - others)
    for row in range(n):
        first, second = int(chance[row, 0] * liked), int(chance[row, 1] * others)
        for place in range(m):
            near = (first + place) % liked
            far = liked + (second + place - best) % others
            candidates[row, place] = order[who[row], near if place < best else far]


@kernel
def features_into(
    appeals: Floats,
    labels: Ints,
    joys: Floats,
    prices: Floats,
    who: Ints,
    day: Ints,
    slate: Ints,
    came: Ints,
    sated: Floats,
    mood: Floats,
    carts: Ints,
    recent: Ints,
    candidates: Ints,
    slates: float,
    days: float,
    features: Floats,
    context: Floats,
) -> None:
    """Fill `features` (n, m, d) and `context` (n, 7) as the names in `crowd` say."""
    n, m = candidates.shape
    c = sated.shape[1]
    features[:] = 0.0
    for row in range(n):
        context[row, 0] = 1.0
        context[row, 1] = slate[row] / slates
        context[row, 2] = carts[row].sum() > 0
        context[row, 3] = sated[row].sum()
        context[row, 4] = 1.0 - day[row] / days
        context[row, 5] = came[row] / (day[row] + 1.0)
        context[row, 6] = mood[row]
        for place in range(m):
            item = candidates[row, place]
            label = labels[item]
            f = features[row, place]
            f[0] = appeals[who[row], item]
            f[1] = sated[row, label]
            f[2] = joys[item]
            f[3] = prices[item]
            f[4] = carts[row, label] > 0
            f[5] = recent[row, 0] >= 0 and labels[max(recent[row, 0], 0)] == label
            for seen in recent[row]:
                if seen == item:
                    f[6] = 1.0
            f[7 + label] = 1.0
            f[7 + c :] = context[row]


@kernel
def _clicked(
    appeals: Floats,
    labels: Ints,
    sated: Floats,
    candidates: Ints,
    places: Ints,
    looked: float,
    tires: float,
    chance: float,
    weights: Floats,
) -> int:
    """Return the position of the slate at `places` (k,) that one shopper clicks, -1 for none."""
    total = 1.0
    for position in range(len(places)):
        place = places[position]
        weights[position] = 0.0
        if place < 0 or (places[:position] == place).any():
            continue
        item = candidates[place]
        weights[position] = looked**position * np.exp(appeals[item] - tires * sated[labels[item]])
        total += weights[position]
    reached = chance * total
    for position in range(len(places)):
        reached -= weights[position]
        if reached < 0.0:
            return position
    return -1


@kernel
def _returns(
    sated: Floats, mood: float, day: int, chance: Floats, keeps: float, remembers: float, will: Floats
) -> tuple[int, float]:
    """Let the days go by until one shopper comes again or they are over; return that day, and the mood then.

    `will` (3,) is what speaks for coming, what a good mood adds and what being sated takes; satiation `sated`
    (c,) heals in place.
    """
    while True:
        day += 1
        if day >= len(chance):
            return day, mood
        sated *= keeps
        mood *= remembers
        logit = will[0] + will[1] * mood - will[2] * sated.sum()
        if chance[day] * (1.0 + np.exp(-logit)) < 1.0:
            return day, mood


@kernel
def live_into(
    appeals: Floats,
    labels: Ints,
    joys: Floats,
    places: Ints,
    chance: Floats,
    rules: tuple[float, ...],
    who: Ints,
    day: Ints,
    slate: Ints,
    came: Ints,
    sated: Floats,
    mood: Floats,
    carts: Ints,
    recent: Ints,
    candidates: Ints,
    rewards: Floats,
    happened: Ints,
) -> None:
    """Let n shoppers meet the slates at `places` (n, k), and change everything that is theirs.

    `chance` (n, 5 + days) are uniform numbers, `happened` (5, n) is clicked, carted, bought, left, done.
    """
    looked, tires, cart_rate, abandonment, slates, leaves, bored = rules[:7]
    satiates, keeps, delights, remembers, returns, cheers, fed_up, days = rules[7:15]
    click, cart, purchase = rules[15:]
    will, weights = np.array([returns, cheers, fed_up]), np.empty(places.shape[1])
    for row in range(len(places)):
        clicked = _clicked(
            appeals[who[row]],
            labels,
            sated[row],
            candidates[row],
            places[row],
            looked,
            tires,
            chance[row, 0],
            weights,
        )
        happened[0, row] = clicked
        slate[row] += 1
        if clicked >= 0:
            item = candidates[row, places[row, clicked]]
            label = labels[item]
            other = carts[row].sum() > 0 and carts[row, label] == 0
            carted = chance[row, 1] < (2.0 * cart_rate if other else cart_rate)
            bought = carted and chance[row, 2] >= abandonment
            rewards[row, clicked] = click + (cart if carted else 0.0) + (purchase if bought else 0.0)
            carts[row, label] += carted
            sated[row, label] += satiates
            mood[row] += delights * joys[item] * (3.0 if bought else 1.0)
            recent[row, 1:] = recent[row, :-1].copy()
            recent[row, 0] = item
            happened[1, row], happened[2, row] = carted, bought
        if slate[row] < slates and chance[row, 3] >= (leaves if clicked >= 0 else bored):
            continue
        happened[3, row] = 1
        slate[row] = 0
        carts[row] = 0
        day[row], mood[row] = _returns(
            sated[row], mood[row], day[row], chance[row, 5:], keeps, remembers, will
        )
        came[row] += day[row] < days
        if day[row] >= days:
            happened[4, row] = 1
            who[row] = int(chance[row, 4] * len(appeals))
            day[row], came[row], mood[row] = 0, 1, 0.0
            sated[row] = 0.0
            recent[row] = -1
