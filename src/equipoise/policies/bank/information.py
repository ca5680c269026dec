"""Information-directed sampling (Russo and Van Roy, 2018), by draws from the posterior.

Of all ways to choose, take the one that pays least squared regret for each unit of information about
which candidate is the best. Information is measured by how far knowing the best one would move the
mean of a candidate: the variance of its conditional means (their variance-based form). Two candidates are
always enough: here the best guess and one other. The draws are split into groups, each of which chooses
by itself, and the choice is the mean of theirs: so that more than two candidates get their chance, as they
do where every request has draws of its own. The more requests are served between two updates, all of them
with the same draws, the more groups.
"""

import numpy as np

from equipoise.kernels import kernel
from equipoise.types import Bools, Floats, Ints

GROUPS = (4, 5, 10, 20)
"""Into how many groups the draws may be split."""
SERVED = 5.0
"""How many requests between two updates a group is there for."""
_GRID = 32
_NOTHING_TO_LEARN = 1e-14


def groups_for(requests: float) -> int:
    """Return into how many groups the draws are split where so many `requests` come between two updates."""
    return max((groups for groups in GROUPS if groups * SERVED <= requests), default=GROUPS[0])


@kernel
def direct(draws: Floats, left: Floats, trials: Floats, ahead: float, groups: int, weights: Floats) -> None:
    """Fill `weights` (n, m), whose rows sum to 1 where anything is left.

    `draws` (n, m, s) are of rewards, and `left` (n, m) their means, -inf for a candidate that is gone.
    `trials` (n, m) is how many impressions it takes to know a candidate half as uncertainly as now.
    `groups` divides the number of draws.
    """
    n, size = len(left), draws.shape[2] // groups
    weights[:] = 0.0
    for row in range(n):
        guess = _best(left[row], left[row])
        if guess >= 0:
            winners = _winners(draws[row], left[row])
            worthwhile = _worthwhile(draws[row], winners, left[row], trials[row], ahead, guess)
            for group in range(groups):
                part = slice(group * size, (group + 1) * size)
                other, share = _pair(draws[row, :, part], winners[part], left[row], worthwhile, guess)
                _share(left[row], guess, (1.0 - share) / groups, weights[row])
                _share(left[row], other, share / groups, weights[row])


@kernel
def _winners(draws: Floats, left: Floats) -> Ints:
    """Return which of what is left is the best of each draw, (s,): candidate by candidate, as they lie."""
    m, s = draws.shape
    winners, best = np.full(s, -1), np.full(s, -np.inf)
    for a in range(m):
        if left[a] > -np.inf:
            for draw in range(s):
                if draws[a, draw] > best[draw]:
                    winners[draw], best[draw] = a, draws[a, draw]
    return winners


@kernel
def _worthwhile(
    draws: Floats, winners: Ints, left: Floats, trials: Floats, ahead: float, guess: int
) -> Bools:
    """Return who is the best guess, or may bring more than it costs to try, (m,)."""
    m, s = draws.shape
    gains, found = np.zeros(m), np.zeros(m, np.bool_)
    for draw in range(s):
        gains[winners[draw]] += max(draws[winners[draw], draw] - left[guess], 0.0) / s
    for a in range(m):
        if left[a] > -np.inf:
            found[a] = a == guess or ahead * gains[a] > trials[a] * (left[guess] - left[a])
    return found


@kernel
def _best(worth: Floats, left: Floats) -> int:
    best = -1
    for a in range(len(worth)):
        if left[a] > -np.inf and (best < 0 or worth[a] > worth[best]):
            best = a
    return best


@kernel
def _share(left: Floats, chosen: int, weight: float, weights: Floats) -> None:
    """Add `weight` to the chosen candidate, in equal parts to all that are worth just the same."""
    ties = 0
    for a in range(len(left)):
        ties += left[a] == left[chosen]
    for a in range(len(left)):
        if left[a] == left[chosen]:
            weights[a] += weight / ties


@kernel
def _pair(draws: Floats, winners: Ints, left: Floats, worthwhile: Bools, guess: int) -> tuple[int, float]:
    """Return who should share the choice with the best guess, and its share."""
    m, s = draws.shape
    place, counts, of = np.full(m, -1), np.zeros(s), np.zeros(s, np.int64)
    known, reachable = 0, 0.0
    for draw in range(s):
        best = winners[draw]
        if place[best] < 0:
            place[best] = known
            known += 1
        of[draw] = place[best]
        counts[of[draw]] += 1.0
        reachable += draws[best, draw] / s
    gains, sums = np.zeros(m), np.empty(known)
    for a in range(m):
        if worthwhile[a]:
            sums[:] = 0.0
            for draw in range(s):
                sums[of[draw]] += draws[a, draw]
            middle = draws[a].mean()
            for one in range(known):
                moved = sums[one] / counts[one] - middle
                gains[a] += counts[one] / s * moved * moved
    return _least(left, worthwhile, gains, guess, reachable)


@kernel
def _least(left: Floats, worthwhile: Bools, gains: Floats, guess: int, reachable: float) -> tuple[int, float]:
    """Return the candidate and the share that make the ratio of squared regret to information least."""
    other, chosen, least = guess, 0.0, np.inf
    for a in range(len(left)):
        if worthwhile[a]:
            for step in range(_GRID + 1):
                share = step / _GRID
                regret = max(reachable - share * left[a] - (1.0 - share) * left[guess], 0.0)
                gain = share * gains[a] + (1.0 - share) * gains[guess] + _NOTHING_TO_LEARN
                if regret * regret / gain < least:
                    other, chosen, least = a, share, regret * regret / gain
    return other, chosen
