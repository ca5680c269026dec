"""A recommender: candidates, the scores of several models, features, and a policy that chooses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.balance.grant import Grant
from equipoise.balance.reason import Reason, explored_because
from equipoise.balance.signals import Watchful
from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import Histories
from equipoise.errors import BadInputError
from equipoise.models.fusion.blend import BlendScorer
from equipoise.models.learner import TopK
from equipoise.policies.introducing import Introducing
from equipoise.policies.looking_ahead import LookingAhead
from equipoise.policies.policy import NOTHING, Options, Policy, Slates
from equipoise.policies.sampler import SlotBySlot
from equipoise.recommenders.features import Features
from equipoise.recommenders.long_term import LongTerm
from equipoise.recommenders.sources import Candidates, Source, merge
from equipoise.recommenders.view import LATEST, Request, View, best
from equipoise.recommenders.words import affinity, through_words
from equipoise.types import Bools, Floats, Ints

__all__ = ["Batch", "Recommendation", "Recommender", "Request"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """A slate of up to k positions, with all that a log must keep of its choice.

    `items`, `scores`, `propensities`, `explored` (k',) and `sources`, `features` (k', d) by
    position; `candidates`, `candidate_scores` (m,) and `candidate_features` (m, d) what it was chosen from;
    `by_expert` (k', e) as in `Slates`. `new` is the share of the candidates that the models do not know,
    `refused` how many explorations, as an expected number, were held back by `blamed`.
    """

    items: Ints
    scores: Floats
    propensities: Floats
    explored: Bools
    sources: tuple[str, ...]
    features: Floats
    candidates: Ints
    candidate_scores: Floats
    candidate_features: Floats
    exploration: float
    reason: Reason
    by_expert: Floats | None = None
    new: float = 0.0
    refused: float = 0.0
    blamed: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What n requests may choose from, for the policy, and the source (n, m) of each candidate.

    `ahead` (n, m) is what showing it is worth in the long term, None where nobody asks.
    """

    options: Options
    sources: Ints
    ahead: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommender:
    """Immutable: swap its policy with `dataclasses.replace(recommender, policy=next_policy)`.

    `trained_until` is the time of the last interaction the models saw; what arrived later is new.
    `prior_mean` (d,) is what a policy should start from, `relative` the model of the blend that says which
    items are similar. The last `hide_recent` items of a history
    are not shown again; at most `limit` candidates reach the policy. A policy that learns gives the share
    `newcomers` of its positions to new arrivals, whatever it believes of them; 0 leaves it to the policy.
    `long_term` counts `looks_ahead`, in [0, 1], against what the policy believes is earned at once.
    """

    scorer: BlendScorer
    sources: tuple[Source, ...]
    features: Features
    policy: Policy
    trained_until: int
    prior_mean: Floats
    relative: str
    hide_recent: int = 50
    limit: int = 200
    newcomers: float = 0.01
    long_term: LongTerm | None = None
    looks_ahead: float = 0.0

    def __post_init__(self) -> None:
        for name in ("newcomers", "looks_ahead"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadInputError(name, f"must lie in [0, 1], not {getattr(self, name)}; 0 is none")

    @property
    def learns(self) -> bool:
        """Whether the policy learns; one that does not is there to compare with."""
        # Asked at every request: `isinstance` takes longer to look through a protocol.
        return callable(getattr(self.policy, "update", None))

    @property
    def features_version(self) -> str:
        """The version of the features that every decision carries."""
        return self.features.version

    def recommend(
        self,
        request: Request,
        catalogue: Catalogue,
        k: int,
        *,
        rng: np.random.Generator,
        grant: Grant | None = None,
    ) -> Recommendation:
        """Choose a slate of up to `k` of the catalogue's items, within `grant` where one is given."""
        batch = self.options([request], catalogue)
        if batch.options.items.shape[1] == 0:
            return _nothing(len(self.features))
        granted = Grant.everything(k) if grant is None else grant
        chooser = self.chooser(batch.options, catalogue, ahead=batch.ahead)
        slates, refused = granted.decide(chooser, batch.options, k, rng=rng)
        blamed = granted.blame(int(slates.explored.sum())) if refused > 0.0 else None
        return self._recommendation(batch, slates, catalogue, refused, blamed)

    def options(self, requests: Sequence[Request], catalogue: Catalogue) -> Batch:
        """Return the candidates of each request with scores and features, ready for any policy."""
        views = self.views(requests, catalogue)
        return _padded([self._row(view) for view in views], len(self.features))

    def chooser(self, options: Options, catalogue: Catalogue, *, ahead: Floats | None = None) -> Policy:
        """Return what chooses from `options`: the policy, looking `ahead` (n, m) where that is known, and by
        chance new arrivals, if it learns.

        A policy that does not learn is there to compare with, and one that does not say how it weighs (none
        of equipoise's own) cannot be mixed with another: the one has no share for new arrivals, the other
        chooses alone.
        """
        policy = self.policy
        if not isinstance(policy, SlotBySlot):
            return policy
        if ahead is not None:
            policy = LookingAhead(policy=policy, values=ahead, weight=self.looks_ahead)
        if self.newcomers == 0.0 or not self.learns:
            return policy
        fresh = self._new(catalogue)[options.items] & (options.items != NOTHING)
        return Introducing(policy=policy, fresh=fresh, share=self.newcomers)

    def similar(self, item: int, catalogue: Catalogue, k: int) -> TopK:
        """Return the `k` items most similar to `item`, (1, k): by sales, or by content if it is new."""
        if item < self.scorer.n_items:
            return self.scorer.scorers[self.relative].similar(np.array([item]), k)
        likeness = affinity(catalogue.content, np.array([item]))
        likeness[item] = 0.0
        items = best(likeness, likeness > 0, k)
        missing = k - len(items)
        return TopK(
            np.pad(items, (0, missing), constant_values=NOTHING)[None, :],
            np.pad(likeness[items], (0, missing), constant_values=-np.inf)[None, :],
        )

    def views(self, requests: Sequence[Request], catalogue: Catalogue) -> list[View]:
        """Let every model read every history, once."""
        parts = self.scorer.parts(_histories(requests))
        stacked = np.stack(list(parts.values()))
        new = self._new(catalogue)
        return [self._view(request, catalogue, stacked[:, row], new) for row, request in enumerate(requests)]

    def _view(self, request: Request, catalogue: Catalogue, parts: Floats, new: Bools) -> View:
        scores = through_words(parts, new, catalogue.content)
        met = request.history[(request.history >= 0) & (request.history < len(catalogue))]
        return View(
            request=request,
            catalogue=catalogue,
            parts=scores,
            blend=self.scorer.combine(dict(zip(self.scorer.scorers, scores, strict=True))),
            new=new,
            allowed=self._allowed(request, catalogue),
            affinity=affinity(catalogue.content, met),
            recent_affinity=affinity(catalogue.content, met[-LATEST:]),
        )

    def _new(self, catalogue: Catalogue) -> Bools:
        """Return which items of the catalogue the models cannot know, (n,)."""
        new = catalogue.arrived > self.trained_until
        new[self.scorer.n_items :] = True
        return new

    def _allowed(self, request: Request, catalogue: Catalogue) -> Bools:
        """Return which items of the catalogue may be shown, (n,)."""
        allowed = catalogue.available.copy()
        recent = request.history[-self.hide_recent :] if self.hide_recent else request.history[:0]
        asked = [] if request.item is None else [request.item]
        hidden = np.concatenate((recent, request.exclude, asked)).astype(np.int64)
        allowed[hidden[(hidden >= 0) & (hidden < len(catalogue))]] = False
        return allowed

    def _row(self, view: View) -> "_Row":
        candidates = merge([source.propose(view) for source in self.sources], self.limit)
        scores = view.blend[candidates.items]
        return _Row(
            candidates,
            scores,
            self.features.of(view, candidates.items),
            self._ahead(candidates.items, scores, view.request),
        )

    def _ahead(self, items: Ints, scores: Floats, request: Request) -> Floats | None:
        if self.long_term is None or self.looks_ahead == 0.0:
            return None
        return self.long_term.scores(items, scores, request.situation)

    def _recommendation(
        self, batch: Batch, slates: Slates, catalogue: Catalogue, refused: float, blamed: Reason | None
    ) -> Recommendation:
        actions = slates.actions[0][slates.actions[0] != NOTHING]
        filled = slice(0, len(actions))
        options, explored = batch.options, slates.explored[0, filled]
        items, new = options.items[0, actions], self._new(catalogue)
        return Recommendation(
            items=items,
            scores=options.scores[0, actions],
            propensities=slates.propensities[0, filled],
            explored=explored,
            sources=tuple(self.sources[source].name for source in batch.sources[0, actions]),
            features=options.features[0, actions],
            candidates=options.items[0],
            candidate_scores=options.scores[0],
            candidate_features=options.features[0],
            exploration=float(slates.exploration[0]),
            reason=self._reason(explored, new[items], blamed),
            by_expert=None if slates.by_expert is None else slates.by_expert[0, filled],
            new=float(new[options.items[0]].mean()),
            refused=refused,
            blamed=blamed,
        )

    def _reason(self, explored: Bools, new: Bools, blamed: Reason | None) -> Reason:
        """Say why the slate is as it is: what kind of exploration is in it, or why there is none."""
        if explored.any():
            drifting = isinstance(self.policy, Watchful) and self.policy.drifting
            return explored_because(explored, new, learns=self.learns, drifting=drifting)
        return Reason.GREEDY if blamed is None else blamed


@dataclass(frozen=True, slots=True)
class _Row:
    candidates: Candidates
    scores: Floats
    features: Floats
    ahead: Floats | None


def _histories(requests: Sequence[Request]) -> Histories:
    """Return a history a request, with what all of them tell beside the items."""
    plain = Histories.of([request.history for request in requests])
    kinds, times = ([getattr(each, name) for each in requests] for name in ("kinds", "times"))
    return Histories(plain.items, plain.offsets, _column(kinds), _column(times))


def _column(parts: Sequence[Ints | None]) -> Ints | None:
    told = [part for part in parts if part is not None]
    return np.concatenate(told) if told and len(told) == len(parts) else None


def _padded(rows: Sequence[_Row], n_features: int) -> Batch:
    """Stack rows of different lengths; -1 where a row has fewer candidates."""
    n, m = len(rows), max((len(row.scores) for row in rows), default=0)
    items, sources = np.full((n, m), NOTHING, np.int64), np.full((n, m), NOTHING, np.int64)
    scores, features = np.zeros((n, m), np.float32), np.zeros((n, m, n_features), np.float32)
    for place, row in enumerate(rows):
        filled = slice(0, len(row.scores))
        items[place, filled], sources[place, filled] = row.candidates.items, row.candidates.sources
        scores[place, filled], features[place, filled] = row.scores, row.features
    context = np.zeros((n, 0), np.float32)
    options = Options(items=items, scores=scores, features=features, context=context)
    return Batch(options=options, sources=sources, ahead=_ahead([row.ahead for row in rows], m))


def _ahead(rows: Sequence[Floats | None], m: int) -> Floats | None:
    known = [np.pad(row, (0, m - len(row))) for row in rows if row is not None]
    return np.stack(known) if known else None


def _nothing(n_features: int) -> Recommendation:
    """Return the slate of a shop that has nothing to show."""
    none = np.empty(0, np.int64)
    zeros = np.empty(0, np.float32)
    return Recommendation(
        items=none,
        scores=zeros,
        propensities=zeros.astype(np.float64),
        explored=none.astype(np.bool_),
        sources=(),
        features=np.empty((0, n_features), np.float32),
        candidates=none,
        candidate_scores=zeros,
        candidate_features=np.empty((0, n_features), np.float32),
        exploration=0.0,
        reason=Reason.NOTHING_TO_SHOW,
    )
