"""The law of a budget, by its words: of the last so many impressions, at most the share was explored."""

from collections.abc import Sequence


def lawful(explored: Sequence[bool], share: float, length: int) -> bool:
    """Whether at every impression at most `share` of the last `length`, or of all there are, are explored."""
    for end in range(1, len(explored) + 1):
        last = explored[max(0, end - length) : end]
        if sum(last) > share * len(last):
            return False
    return True
