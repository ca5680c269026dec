"""Who takes part in each comparison, with which settings, and where these are from.

A model is written as on the command line. Settings come from `equipoise tune` on the validation twin of
the same split, never from the test; the source says how they were found. What cannot be written in a
line (a blend of others) is made by a function of the data set.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from equipoise.cli.entries import entry, parsed
from equipoise.data.dataset import Dataset
from equipoise.models import ALS, EASE, Blend, GraphFilter, ItemKNN, Popularity, Stacking, UserKNN
from equipoise.models.learner import Learner
from equipoise.models.neighbours.responses import Ridge
from equipoise.training.contest import Entry
from sessions_data import LEARNERS

DEFAULTS = "defaults"
FLOOR = "a simple floor, not tuned"


def tuned(trials: int, metric: str = "ndcg@10") -> str:
    """Return the words for settings found by `equipoise tune`."""
    return f"`tune`, {trials} trials by {metric}"


@dataclass(frozen=True, kw_only=True)
class Contestant:
    """A model: `label` tells it with its settings, `source` where they are from; `make`, if any, makes it."""

    label: str
    source: str = DEFAULTS
    make: Callable[[Dataset], Learner] | None = None

    def entry(self, data: Dataset) -> Entry:
        """Return the model, ready for a contest on `data`."""
        if self.make is None:
            return entry(*parsed(self.label), data=data)
        return Entry(label=self.label, name=self.label.partition("(")[0], learner=self.make(data))


VALIDATED = "searched by hand on the validation twin"


def _by_hand(*labels: str) -> tuple[Contestant, ...]:
    return tuple(Contestant(label=label, source=VALIDATED) for label in labels)


def _always(learner: Learner) -> Callable[[Dataset], Learner]:
    return lambda _: learner


def _sessions(name: str) -> tuple[Contestant, ...]:
    """Return the session models of `name`, whose settings stand beside their own benchmark."""
    return tuple(
        Contestant(label=model, source=VALIDATED, make=_always(learner))
        for model, learner in LEARNERS[name].items()
    )


def _plain(*labels: str) -> tuple[Contestant, ...]:
    return tuple(Contestant(label=label) for label in labels)


def _of_parts(parts: Mapping[str, Learner]) -> tuple[Contestant, ...]:
    """Return the models made of `parts`, which find their weights inside what they are fitted on."""
    source = f"defaults; of {', '.join(parts)}"
    made: dict[str, Learner] = {"blend": Blend(learners=parts), "stacking": Stacking(learners=parts)}
    return tuple(
        Contestant(label=label, source=source, make=_always(learner)) for label, learner in made.items()
    )


_LIGHT: Mapping[str, Learner] = {"popularity": Popularity(), "item_knn": ItemKNN(), "user_knn": UserKNN()}
"""Parts for a catalogue too large for a table of items by items."""


def _graph(response: Ridge, decay: float = 1.0) -> GraphFilter:
    return GraphFilter(user_power=0.225, item_power=0.25, lift=0.25, response=response, rank=384, decay=decay)


def _graph_of_tenth(reg: float) -> GraphFilter:
    return GraphFilter(user_power=0.225, item_power=0.4, lift=0.35, response=Ridge(reg=reg), rank=768)


def _with_als(graph: GraphFilter, *, share: float, decay: float = 1.0) -> Blend:
    als = ALS(embedding_size=512, iterations=4, unobserved_weight=0.005, reg=0.003, decay=decay)
    weights = {"graph_filter": 1.0 - share, "als": share}
    return Blend(learners={"graph_filter": graph, "als": als}, weights=weights)


RANDOM_TENTH = "searched by hand on a random tenth"
LAST_FIFTH = "searched by hand on the last fifth of each training line"
"""Lines of gowalla are in an order that the test goes on with; a random part would tell of another task."""
GOWALLA = (
    Contestant(
        label="graph_filter(user_power=0.225, item_power=0.25, lift=0.25, ridge=0.3, rank=384, decay=0.93)",
        source=LAST_FIFTH,
        make=_always(_graph(Ridge(reg=0.3), decay=0.93)),
    ),
    Contestant(
        label="graph_filter(user_power=0.225, item_power=0.25, lift=0.25, ridge=0.6, rank=384)",
        source=LAST_FIFTH,
        make=_always(_graph(Ridge(reg=0.6))),
    ),
    Contestant(
        label="graph_filter",
        source=f"{RANDOM_TENTH}: Ridge(reg=0.08), user_power=.225, item_power=.4, lift=.35, rank=768",
        make=_always(_graph_of_tenth(0.08)),
    ),
    Contestant(
        label="blend",
        source=f"{RANDOM_TENTH}: .6 of the graph filter there at reg=0.12, .4 of als of 512 factors, "
        "4 iterations",
        make=_always(_with_als(_graph_of_tenth(0.12), share=0.4)),
    ),
    Contestant(
        label="blend(decay=0.93)",
        source=f"{LAST_FIFTH}: .5 of the graph filter with decay=0.93, .5 of als of 512 factors, 4 "
        "iterations, with the same decay",
        make=_always(_with_als(_graph(Ridge(reg=0.3), decay=0.93), share=0.5, decay=0.93)),
    ),
)

_BEAUTY_GRAPH = Contestant(
    label="graph_filter(user_power=0.2, item_power=0.35, lift=0.2, ridge=0.3, rank=256, decay=0.7)",
    source=VALIDATED,
    make=_always(
        GraphFilter(user_power=0.2, item_power=0.35, lift=0.2, response=Ridge(reg=0.3), rank=256, decay=0.7)
    ),
)
_SHORT_HISTORIES = (
    *_by_hand(
        "item_knn(n_neighbors=500, shrinkage=20.0, decay=0.7)",
        "user_knn(n_neighbors=200, decay=0.7)",
        "rp3beta(n_neighbors=500, alpha=0.5, beta=0.2, decay=0.7)",
        "als(embedding_size=512, iterations=8, unobserved_weight=0.03, reg=0.001, decay=0.8)",
    ),
    _BEAUTY_GRAPH,
)
"""What was found on Beauty, whose histories are as short as those of Sports."""
_SLIST_OF_SESSIONS = _by_hand(
    "slist(reg=60.0, decay=0.6, target_decay=0.5, window=20, repeats=True, consistency=0.75)"
)

SETTINGS: Mapping[str, tuple[Contestant, ...]] = MappingProxyType(
    {
        "gowalla": (
            Contestant(label="popularity(half_life_days=inf)"),
            *GOWALLA,
            *_by_hand("als(embedding_size=512, iterations=8, unobserved_weight=0.005, reg=0.003)"),
        ),
        "beauty": (
            Contestant(label="popularity(half_life_days=inf)"),
            Contestant(label="ease(reg=100.0, decay=0.7, fit_decay=0.7)", source=FLOOR),
            *_SHORT_HISTORIES,
            *_by_hand(
                "item_knn(n_neighbors=500, similarity=bm25, shrinkage=0.0, decay=0.7)",
                "slim(l1=0.3, l2=60.0, decay=0.8)",
                "slist(reg=80.0, consistency=0.4)",
                "slist(reg=100.0, consistency=0.5, content=data, content_weight=1.5)",
            ),
        ),
        "sports": (
            Contestant(label="popularity(half_life_days=inf)"),
            *(replace(each, source="those of Beauty") for each in _SHORT_HISTORIES),
            *_by_hand(
                "slim(l1=0.3, l2=60.0, decay=0.8)",
                "slist(reg=100.0, consistency=0.5)",
                "slist(reg=100.0, consistency=0.5, content=data, content_weight=1.0)",
            ),
        ),
        "diginetica": (
            Contestant(label="popularity(half_life_days=inf)"),
            *_sessions("diginetica-sessions"),
            *_SLIST_OF_SESSIONS,
        ),
        "retailrocket": (
            Contestant(label="popularity(half_life_days=inf)"),
            *_sessions("retailrocket-sessions"),
            *_SLIST_OF_SESSIONS,
        ),
        "movielens-1m-time": (
            Contestant(label="popularity"),
            Contestant(label="popularity(half_life_days=845.9)", source=tuned(8)),
            Contestant(label="item_knn(n_neighbors=20, similarity=cosine)", source=tuned(8)),
            Contestant(
                label="ease(reg=593.0, decay=0.8021, fit_decay=0.8021, dropout=0.6647)", source=tuned(12)
            ),
            Contestant(
                label="graph_filter(user_power=0.06051, item_power=0.06077, lift=1.838, decay=0.4616)",
                source=tuned(12),
            ),
            *_by_hand("als(embedding_size=64, unobserved_weight=0.1, reg=0.03, decay=0.95)"),
        ),
        "online-retail": (
            Contestant(label="popularity"),
            *_plain("item_knn", "user_knn", "slist", "graph_filter", "als", "ease(reg=300.0)"),
            *_of_parts({"popularity": Popularity(), "item_knn": ItemKNN(), "ease": EASE(reg=300.0)}),
        ),
        "complete-journey": (
            Contestant(label="popularity"),
            *_plain("item_knn", "user_knn", "graph_filter", "als"),
            *_of_parts(_LIGHT),
        ),
        "complete-journey-again": (
            Contestant(label="popularity"),
            *_plain("item_knn", "user_knn"),
            Contestant(
                label="stacking(repeats=True)",
                source="defaults; of popularity, item_knn and user_knn",
                make=_always(Stacking(learners=_LIGHT, repeats=True)),
            ),
        ),
    }
)
