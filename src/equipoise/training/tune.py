"""Searches for the hyperparameters that do best on validation data, and goes on where it was stopped.

The search is Optuna's (Akiba et al., 2019): tree-structured Parzen estimators (Bergstra et al., 2011).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.data.split import HeldOut
from equipoise.data.splits.parts import Parts
from equipoise.errors import BadInputError, MissingExtraError
from equipoise.models.space import Space, spaces
from equipoise.progress import report
from equipoise.training.contest import Entry, Terms, judged

if TYPE_CHECKING:
    import optuna

_SETTINGS, _SECONDS = "settings", "fit_seconds"
DIGITS = 4
"""How many figures of a number matter: what is tried is what is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One setting of the hyperparameters, and the metric it reached on validation data."""

    settings: Mapping[str, Any]
    value: float
    fit_seconds: float

    def row(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"settings": dict(self.settings), "value": self.value, "fit_seconds": self.fit_seconds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """The settings of one model, judged by `metric` under `terms` on the validation `parts`.

    `make` makes the model with some settings, `first` with those it has anyway. `fixed` are kept, and what
    else declares a space is searched over. Raises `BadInputError` where nothing does.
    """

    make: Callable[[Mapping[str, Any]], Entry]
    parts: Parts
    terms: Terms
    metric: str
    seed: int
    fixed: Mapping[str, Any] = field(default_factory=dict)

    def space(self) -> dict[str, Space]:
        """Return what is searched over."""
        entry = self.make(self.fixed)
        found = {name: space for name, space in spaces(entry.learner).items() if name not in self.fixed}
        if not found:
            raise BadInputError(
                "--model", f"{entry.label} declares no space to search; see docs/adding.md, or take another"
            )
        return found

    def run(self, study: "optuna.Study", trials: int) -> Iterator[Tried]:
        """Yield each setting as it is tried, until the study holds `trials`; the first has the defaults.

        A setting that the model refuses is passed over, unless none has been tried to the end.
        """
        space, asked = self.space(), self.terms.asked(self.parts)
        done = len(finished(study))
        if not study.trials:
            study.enqueue_trial(self._defaults(space))
        for nth in range(done, trials):
            report("tuning", nth, trials)
            trial = study.ask()
            try:
                yield self._try(study, trial, space, asked)
            except BadInputError:
                study.tell(trial, state=_failed())
                if not finished(study):
                    raise
        report("tuning", trials, trials)

    def _try(
        self, study: "optuna.Study", trial: "optuna.Trial", space: Mapping[str, Space], asked: HeldOut
    ) -> Tried:
        drawn = {name: _short(each.draw(trial, name)) for name, each in space.items()}
        settings = {**self.fixed, **drawn}
        outcome = judged(self.make(settings), self.parts, asked, self.terms, self.seed)
        tried = Tried(
            settings=settings, value=self._value(outcome.ranking.means()), fit_seconds=outcome.fit_seconds
        )
        trial.set_user_attr(_SETTINGS, settings)
        trial.set_user_attr(_SECONDS, tried.fit_seconds)
        study.tell(trial, tried.value)
        return tried

    def _value(self, metrics: Mapping[str, float]) -> float:
        if self.metric not in metrics:
            raise BadInputError(
                "--metric", f"{self.metric} is not measured; choose from {', '.join(metrics)}"
            )
        return metrics[self.metric]

    def _defaults(self, space: Mapping[str, Space]) -> dict[str, Any]:
        learner = self.make(self.fixed).learner
        return {name: getattr(learner, name) for name in space}


def study_at(path: Path, name: str, *, seed: int) -> "optuna.Study":
    """Open the study `name` in the SQLite file `path`, made if missing; a later run draws anew, not again."""
    try:
        import optuna
        from sqlalchemy.exc import SQLAlchemyError
    except ModuleNotFoundError as error:
        raise MissingExtraError("tune", "tuning") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        study = optuna.create_study(
            storage=f"sqlite:///{path}", study_name=name, direction="maximize", load_if_exists=True
        )
    except (SQLAlchemyError, optuna.exceptions.StorageInternalError) as error:
        raise BadInputError(
            "--out", f"{path} is no study that can be read or written; name another"
        ) from error
    study.sampler = optuna.samplers.TPESampler(seed=seed + len(study.trials))
    return study


def finished(study: "optuna.Study") -> list[Tried]:
    """Return what a study has tried to the end, in order."""
    return [
        Tried(
            settings=trial.user_attrs[_SETTINGS],
            value=float(trial.value),
            fit_seconds=float(trial.user_attrs[_SECONDS]),
        )
        for trial in study.trials
        if trial.value is not None and _SETTINGS in trial.user_attrs
    ]


def best(tried: list[Tried]) -> Tried:
    """Return the best, the first of those equally good."""
    return max(tried, key=lambda one: one.value)


def _failed() -> "optuna.trial.TrialState":
    from optuna.trial import TrialState

    return TrialState.FAIL


def _short(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value
