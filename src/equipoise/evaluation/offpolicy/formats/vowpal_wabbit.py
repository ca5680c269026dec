"""From and to the labels of Vowpal Wabbit's contextual bandits: ``action:cost:probability | features``.

A cost is a reward with its sign turned; actions count from 1.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.accepted import Accepted, accepted
from equipoise.evaluation.offpolicy.log import LoggedActions


def from_lines(lines: Iterable[str], n_actions: int) -> Accepted:
    """Return the rounds of `lines`, one each; the numbers of features become the context.

    Lines whose label cannot be used are refused and counted; a line without one is an error.
    """
    labels, features = [], []
    for number, line in enumerate(lines, start=1):
        label, _, rest = line.partition("|")
        labels.append(_label(label, number))
        features.append(_numbers(rest))
    table = np.array(labels, np.float64).reshape(-1, 3)
    alike = len({len(row) for row in features}) == 1 and len(features[0]) > 0
    return accepted(
        actions=table[:, 0].astype(np.int64) - 1,
        rewards=-table[:, 1],
        propensities=table[:, 2],
        n_actions=n_actions,
        contexts=np.array(features) if alike else None,
    )


def to_lines(log: LoggedActions) -> Iterator[str]:
    """Yield one line for each round of `log`, its context as features by number."""
    contexts = np.zeros((len(log), 0)) if log.contexts is None else log.contexts
    rows = zip(log.actions, log.rewards, log.propensities, contexts, strict=True)
    for action, reward, propensity, context in rows:
        words = " ".join(f"{place}:{float(value)!r}" for place, value in enumerate(context))
        cost = 0.0 if reward == 0 else -float(reward)
        yield f"{action + 1}:{cost!r}:{float(propensity)!r} | {words}".rstrip()


def _label(text: str, number: int) -> tuple[float, float, float]:
    try:
        action, cost, chance = (float(part) for part in text.split()[0].split(":"))
        return float(int(action)), cost, chance
    except (ValueError, IndexError, OverflowError) as error:
        raise BadInputError(f"line {number}", "must begin with action:cost:probability") from error


def _numbers(text: str) -> list[float]:
    """Return the values of features written as NAME:VALUE; a bare name counts 1."""
    try:
        return [float(word.rpartition(":")[2]) if ":" in word else 1.0 for word in text.split()]
    except ValueError:
        return []
