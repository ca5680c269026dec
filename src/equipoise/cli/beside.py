"""Policies to be judged by a log: by name, from a folder, or as they serve now in the shop beside it."""

from dataclasses import dataclass
from pathlib import Path

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.sources.tables import item_ids, n_features
from equipoise.recommenders.gated import GATED, Gated
from equipoise.recommenders.published import Published
from equipoise.recommenders.recommender import Recommender
from equipoise.serving.opening import PUBLISHED, trusted
from equipoise.serving.settings import Settings
from equipoise.serving.snapshots import NAME, Snapshot
from equipoise.store import ArtifactStore
from equipoise.training.candidate import Candidate, candidate

SERVING = "serving"
"""The target that is the policy of a variant as it serves now, with all that it learned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The log at `path`, and beside it the recommender, if one was trained, and what is published."""

    path: Path
    settings: Settings
    store: ArtifactStore
    recommender: Recommender | None

    @classmethod
    def of(cls, path: Path, settings: Settings) -> "Beside":
        """Return what lies beside the log at `path`: a shop's own file has artifacts in the same folder."""
        store = ArtifactStore(folder=path.parent / "artifacts", trust=trusted(settings))
        found = None
        if path.is_file() and store.current(PUBLISHED) is not None:
            found = store.load(PUBLISHED, Published).recommender
        return cls(path=path, settings=settings, store=store, recommender=found)

    @property
    def features_version(self) -> str | None:
        """What the features mean that a policy would read now, None where there is no recommender."""
        return None if self.recommender is None else self.recommender.features_version

    def policy(self, name: str) -> Candidate:
        """Return the policy called `name`; one that starts here knows the features of this shop."""
        if name.partition(":")[0] == SERVING:
            return self._serving(name.partition(":")[2] or chosen_variant(self.settings, None))
        known = self.recommender
        return candidate(
            name,
            n_features=(n_features(self.path) or 1) if known is None else len(known.features),
            prior_mean=None if known is None else known.prior_mean,
            trust=self.store.trust,
            items=item_ids(self.path),
        )

    def _serving(self, variant: str) -> Candidate:
        chosen_variant(self.settings, variant)
        gated = Gated() if self.store.current(GATED) is None else self.store.load(GATED, Gated)
        passed = gated.policies.get(variant)
        if passed is not None:
            return Candidate(name=passed.name, policy=passed.policy, learned_until=passed.learned_until)
        if self.store.current(NAME) is None:
            raise BadInputError(
                "--target", f"nothing that serves is kept beside {self.path}; a server keeps it when it stops"
            )
        kept = self.store.load(NAME, Snapshot)
        if variant not in kept.arms:
            raise BadInputError(
                "--target", f"no policy of {variant!r} is kept; there are {', '.join(kept.arms)}"
            )
        one = kept.arms[variant]
        return Candidate(
            name=one.policy, policy=one.state, learned_until=kept.seq, features_version=kept.features_version
        )


def chosen_variant(settings: Settings, told: str | None) -> str:
    """Return the variant that was named, or the one that serves most shoppers."""
    variants = settings.variants
    if told is not None and told not in variants:
        raise BadInputError("--variant", f"there is no {told!r}; choose one of {', '.join(variants)}")
    return told if told is not None else max(variants, key=lambda name: variants[name].share)
