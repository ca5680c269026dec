"""How alike two items, or two users, are: one measure a file."""

from equipoise.errors import BadInputError
from equipoise.models.neighbours.similarities.adjusted_cosine import AdjustedCosine
from equipoise.models.neighbours.similarities.asymmetric import AsymmetricCosine
from equipoise.models.neighbours.similarities.bm25 import BM25
from equipoise.models.neighbours.similarities.cosine import Cosine
from equipoise.models.neighbours.similarities.jaccard import Jaccard
from equipoise.models.neighbours.similarities.pearson import Pearson
from equipoise.models.neighbours.similarities.tf_idf import TFIDF
from equipoise.models.neighbours.similarities.vectors import Measure, Similarity, Vectors

SIMILARITIES: dict[str, Similarity] = {
    "adjusted_cosine": AdjustedCosine(),
    "asymmetric": AsymmetricCosine(),
    "bm25": BM25(),
    "cosine": Cosine(),
    "jaccard": Jaccard(),
    "pearson": Pearson(),
    "tf_idf": TFIDF(),
}
"""Each by its name, with its default settings."""

__all__ = [
    "BM25",
    "SIMILARITIES",
    "TFIDF",
    "AdjustedCosine",
    "AsymmetricCosine",
    "Cosine",
    "Jaccard",
    "Measure",
    "Pearson",
    "Similarity",
    "Vectors",
    "similarity_of",
]


def similarity_of(chosen: str | Similarity) -> Similarity:
    """Return the similarity called `chosen`, or `chosen` itself where it is one already.

    Raises `BadInputError` where none has that name.
    """
    if not isinstance(chosen, str):
        return chosen
    if chosen not in SIMILARITIES:
        known = ", ".join(SIMILARITIES)
        raise BadInputError("similarity", f"none is called {chosen!r}; choose from {known}")
    return SIMILARITIES[chosen]
