"""What training publishes and serving reads: a recommender with the words to speak to it."""

from dataclasses import dataclass

from equipoise.data.content import TextEncoder
from equipoise.recommenders.recommender import Recommender


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A recommender whose item codes are places in `vocabulary`; saved with `save_artifact`.

    `encoder` turns the words of a product the models have not met into a row of content;
    `trained_until` is in microseconds UTC; prices are in `currency`.
    """

    recommender: Recommender
    vocabulary: tuple[str, ...]
    encoder: TextEncoder
    trained_until: int
    currency: str
