"""Titles of goods that came in capitals: readable ones, and a plain category word from what they say."""

import re
from collections import Counter
from collections.abc import Sequence
from string import capwords

_FREQUENT = 10
_NO_KINDS = """
    Red Pink Blue Green White Cream Black Ivory Gold Silver Purple Orange Yellow Brown Grey Turquoise
    Natural Large Small Medium Mini Design Assorted Colour Set Metal Glass Wood Wooden Zinc Crystal Paper
    Ceramic Girl Boy Woodland London Paisley Retrospot Polkadot Spaceboy Home Garden Vintage Christmas Round
    Hanging Size Skull Flock Parade Piece Medium Amethyst Pieces Enamel Diamante Drop Cm Rose
    Heart Flower Star Font Spot Leaf
"""
_NO_KIND = frozenset(_NO_KINDS.split())
_THEMES = ("Christmas", "Easter", "Retrospot", "Polkadot", "Paisley", "Spaceboy", "Vintage", "Garden")


def readable(title: str) -> str:
    """Return `title` with one space between words and capitals at their beginnings only."""
    return re.sub(r"(?<=[-(/.])\w", lambda letter: letter.group().upper(), capwords(title))


def categories(titles: Sequence[str]) -> list[tuple[str, ...]]:
    """Return one or two category words for each of the readable `titles`, none where none is plain.

    A kind is a word that ends the titles of at least 10 goods and is no colour, size or material; a good
    is of the last kind its title names. A second word is a theme, as Christmas.
    """
    words = [[_singular(word) for word in re.findall(r"[A-Za-z][A-Za-z-]*", title)] for title in titles]
    ends = Counter(row[-1] for row in words if row)
    kinds = {word for word, times in ends.items() if times >= _FREQUENT and len(word) > 2} - _NO_KIND
    return [_category(row, kinds) for row in words]


def _category(words: Sequence[str], kinds: set[str]) -> tuple[str, ...]:
    kind = [word for word in reversed(words) if word in kinds][:1]
    theme = [theme for theme in _THEMES if theme in words][:1]
    return (*kind, *theme)


def _singular(word: str) -> str:
    if word.endswith(("ss", "us", "is", "Earrings", "Scissors", "Christmas")) or len(word) < 4:
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("shes", "ches", "xes", "sses")):
        return word[:-2]
    return word.removesuffix("s")
