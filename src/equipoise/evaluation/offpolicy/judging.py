"""From a path and names to judged targets: what the command line asks for, in one call."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from equipoise.errors import BadInputError
from equipoise.evaluation.offpolicy.compare import Judged, compare
from equipoise.evaluation.offpolicy.compare_slates import compare_slates
from equipoise.evaluation.offpolicy.estimate import Interval
from equipoise.evaluation.offpolicy.intervals import Bootstrap
from equipoise.evaluation.offpolicy.prediction import MeanRewards, RewardModel, predicted
from equipoise.evaluation.offpolicy.registry import ESTIMATORS, SLATES, picked
from equipoise.evaluation.offpolicy.sources.decisions import DecisionLog
from equipoise.evaluation.offpolicy.sources.rounds import LOGGED, Opened, named_target
from equipoise.evaluation.offpolicy.sources.streamed import AsLogged, Scored, SlateTargetPolicy, streamed
from equipoise.evaluation.offpolicy.verdict import Limits
from equipoise.policies.policy import Policy

Start = Callable[[str], Policy]
"""Returns the policy of a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a log: `targets` and `estimators` by name, how to say how sure, and when to refuse."""

    targets: Sequence[str]
    estimators: str = "auto"
    interval: Interval = field(default_factory=Bootstrap)
    confidence: float = 0.95
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        if not self.targets:
            raise BadInputError("--target", "names no policy; give one or more with commas between")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The rows of a comparison, and how many rows of the log were refused for which reason."""

    rows: Sequence[Judged]
    refused: Mapping[str, int]


def judge_rounds(
    source: Opened, question: Question, start: Start, *, model: RewardModel | None = None
) -> Answer:
    """Judge the targets on the single actions of `source`, with rewards predicted by `model`."""
    log = predicted(source.accepted.log, model or MeanRewards())
    targets = {name: named_target(name, log, source, start) for name in question.targets}
    estimators = {
        name: replace(one, interval=question.interval, confidence=question.confidence)
        for name, one in picked(question.estimators, ESTIMATORS, "--estimators").items()
    }
    return Answer(rows=compare(log, targets, estimators, question.limits), refused=source.accepted.refused)


def judge_decisions(log: DecisionLog, question: Question, start: Start) -> Answer:
    """Judge the targets on the slates of `log`, reading it once, in pieces."""
    targets: dict[str, SlateTargetPolicy] = {
        name: AsLogged() if name == LOGGED else Scored.of(start(name)) for name in question.targets
    }
    estimators = {
        name: replace(one, interval=question.interval, confidence=question.confidence)
        for name, one in picked(question.estimators, SLATES, "--estimators").items()
    }
    rows = compare_slates(streamed(log.pieces(), targets), estimators, question.limits)
    return Answer(rows=rows, refused=log.refused)
