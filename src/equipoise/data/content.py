"""What an item says about itself: TF-IDF of its words, encoded the same way at training and at arrival."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from equipoise.types import Floats

_WORD = re.compile(r"[^\W\d_]{2,}")


def text_of(title: str, brand: str | None, categories: Iterable[str]) -> str:
    """Return the text by which an item is known."""
    return " ".join((title, brand or "", *categories))


@dataclass(frozen=True, slots=True)
class TextEncoder:
    """Words to unit rows: `terms` are the columns, `idf` (terms,) how telling each is."""

    terms: tuple[str, ...]
    idf: Floats
    columns: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", {term: column for column, term in enumerate(self.terms)})

    @classmethod
    def fit(cls, texts: Sequence[str], *, max_terms: int = 2000, min_texts: int = 2) -> "TextEncoder":
        """Keep the `max_terms` most frequent words that appear in at least `min_texts` of `texts`."""
        found = Counter(word for text in texts for word in set(_words(text)))
        kept = sorted((-n, word) for word, n in found.items() if n >= min_texts)[:max_terms]
        frequency = np.array([-n for n, _ in kept], np.float64)
        idf = np.log((1 + len(texts)) / (1 + frequency)) + 1
        return cls(tuple(word for _, word in kept), idf.astype(np.float32))

    def encode(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one row a text, (len(texts), terms), of length 1, or 0 where no word is known."""
        counts = [
            Counter(self.columns[word] for word in _words(text) if word in self.columns) for text in texts
        ]
        offsets = np.cumsum([0, *(len(row) for row in counts)])
        columns = np.array([column for row in counts for column in row], np.int32)
        tf = np.array([n for row in counts for n in row.values()], np.float32)
        values = (1 + np.log(tf)) * self.idf[columns]
        rows = sparse.csr_matrix(
            (values, columns, offsets), shape=(len(texts), len(self.terms)), dtype=np.float32
        )
        norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows.data /= np.repeat(norms, np.diff(offsets))
        rows.sort_indices()
        return rows


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
