"""Vowpal Wabbit as a policy: a candidate is an example with its features and an indicator of its item.

Slots are filled from the top, each by VW's own distribution over the candidates left; where there are
several, the slot is a shared feature, as our policies know it too. A shown position is learnt among the
candidates that were left, with its probability and minus its reward as cost; a reward that comes late is
learnt as one more example. VW learns in place, so `update` returns the policy itself. Its examples are used
as they come from the parser, without the Python objects about them, which take half of the time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pylibvw
from vowpalwabbit import pyvw

from equipoise.data.feedback import LoggedFeedback
from equipoise.policies.policy import NOTHING, Options, Slates
from equipoise.types import Floats, Ints

DECIMALS = 4
LABEL = pyvw.LabelType.CONTEXTUAL_BANDIT.value


def dense(options: Options) -> list[str]:
    """Return each request as text, one line a candidate, with all of its features."""
    m, d = options.features.shape[1:]
    line = "|f " + " ".join(f"{place}:%.{DECIMALS}f" for place in range(d)) + " |i %d"
    request = "\n".join([line] * m)
    columns = np.concatenate([options.features, options.items[:, :, None]], axis=2)
    return [request % tuple(row) for row in columns.reshape(len(options), -1).tolist()]


def sparse(options: Options) -> list[str]:
    """Return each request as text, with the features that are not 0."""
    return [
        "\n".join(_line(*candidate) for candidate in zip(features, items, strict=True))
        for features, items in zip(options.features, options.items.tolist(), strict=True)
    ]


def _line(features: Floats, item: int) -> str:
    places = np.flatnonzero(features)
    pairs = zip(places.tolist(), features[places].tolist(), strict=True)
    return "|f " + " ".join(f"{place}:{number:.{DECIMALS}f}" for place, number in pairs) + f" |i {item}"


@dataclass(slots=True)
class Lines:
    """The requests of one world under one seed as VW's text, kept so that each is `written` once."""

    written: Callable[[Options], list[str]] = dense
    texts: list[str] = field(default_factory=list)

    def of(self, options: Options, start: int) -> list[str]:
        """Return the texts of `options`, which are the requests from round `start` on."""
        if start == len(self.texts):
            self.texts.extend(self.written(options))
        return self.texts[start : start + len(options)]

    def __getitem__(self, request: int) -> str:
        return self.texts[request]


@dataclass(frozen=True, slots=True, kw_only=True)
class VW:
    """VW with `arguments`; `lines` may be shared by runs under the same seed of the same world."""

    arguments: str
    lines: Lines

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "VWPolicy":
        """Return VW before it has learnt anything."""
        workspace = pyvw.Workspace(f"--cb_explore_adf --quiet --random_seed 1 {self.arguments}")
        return VWPolicy(workspace=workspace, lines=self.lines)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A filled slot: the `event` VW chose from, which example of it, its place and how likely it was."""

    event: Sequence[Any]
    example: Any
    place: int
    chance: float
    best: bool


@dataclass(slots=True, kw_only=True)
class VWPolicy:
    """A workspace, what it showed in the latest requests, and where every impression was."""

    workspace: Any
    lines: Lines
    asked: int = 0
    slots: list[Any] = field(default_factory=list)
    parsed: list[Sequence[Any]] = field(default_factory=list)
    shown: list[_Shown] = field(default_factory=list)
    known: dict[tuple[int, bytes], tuple[int, int, float]] = field(default_factory=dict)

    def decide(self, options: Options, k: int, *, rng: np.random.Generator) -> Slates:
        """Draw one slate of `k` positions for each request."""
        self.parsed, self.shown = [], []
        size = min(k, options.items.shape[1])
        luck = rng.random((len(options), size)).tolist()
        for text, row in zip(self.lines.of(options, self.asked), luck, strict=True):
            self.shown.extend(self._slate(text, row))
        slates = _slates(self.shown, len(options), size, k)
        self._remember(options, slates)
        self.asked += len(options)
        return slates

    def propensities(self, options: Options, actions: Ints) -> Floats:
        """Not asked for here."""
        raise NotImplementedError

    def update(self, feedback: LoggedFeedback) -> "VWPolicy":
        """Learn each row: those of the latest slates from their parsed examples, late ones anew."""
        for row in np.flatnonzero(feedback.impressions == 0):
            self._learn_late(feedback, int(row))
        rewards = feedback.rewards[feedback.impressions > 0].tolist()
        for shown, reward in zip(self.shown, rewards, strict=True):
            self._learn(shown.event, shown.example, reward, shown.chance)
        for examples in self.parsed:
            pylibvw.vw._finish_example_multi_ex(self.workspace, examples)
        return self

    def _slate(self, text: str, luck: list[float]) -> Iterator[_Shown]:
        left = self.workspace._parse(text)
        self.parsed.append(left)
        places = list(range(len(left)))
        for slot, draw in enumerate(luck):
            about = self._about(slot) if len(luck) > 1 else []
            event = about + left
            pylibvw.vw.predict_multi(self.workspace, event)
            chances = np.maximum(event[0].get_action_scores(), 0.0)
            heap = chances.cumsum()
            at = int((heap > draw * heap[-1] * (1 - 2.0**-52)).argmax())
            yield _Shown(
                event=event,
                example=left[at],
                place=places.pop(at),
                chance=float(chances[at] / heap[-1]),
                best=bool(chances[at] >= chances.max()),
            )
            left = left[:at] + left[at + 1 :]

    def _about(self, slot: int) -> list[Any]:
        """Return the shared example that names `slot`, parsed once."""
        while len(self.slots) <= slot:
            self.slots.extend(self.workspace._parse(f"shared |p {len(self.slots)}"))
        return [self.slots[slot]]

    def _learn_late(self, feedback: LoggedFeedback, row: int) -> None:
        key = int(feedback.items[row]), feedback.features[row].tobytes()
        request, place, chance = self.known[key]
        examples = self.workspace._parse(self.lines[request])
        self._learn(examples, examples[place], float(feedback.rewards[row]), chance)
        pylibvw.vw._finish_example_multi_ex(self.workspace, examples)

    def _learn(self, event: Sequence[Any], example: Any, reward: float, chance: float) -> None:
        """Learn that `example`, shown with `chance`, earned `reward`; it is without a label afterwards."""
        example.set_label_string(self.workspace, f"0:{-reward}:{chance}", LABEL)
        pylibvw.vw.learn_multi(self.workspace, event)
        example.set_label_string(self.workspace, "", LABEL)

    def _remember(self, options: Options, slates: Slates) -> None:
        for row, position in zip(*np.nonzero(slates.actions >= 0), strict=True):
            place = int(slates.actions[row, position])
            key = int(options.items[row, place]), options.features[row, place].tobytes()
            self.known[key] = self.asked + int(row), place, float(slates.propensities[row, position])


def _slates(shown: Sequence[_Shown], n: int, size: int, k: int) -> Slates:
    actions, propensities = np.full((n, k), NOTHING), np.ones((n, k))
    explored = np.zeros((n, k), dtype=bool)
    actions[:, :size] = np.array([one.place for one in shown]).reshape(n, size)
    propensities[:, :size] = np.array([one.chance for one in shown]).reshape(n, size)
    explored[:, :size] = ~np.array([one.best for one in shown], dtype=bool).reshape(n, size)
    return Slates(actions=actions, propensities=propensities, explored=explored, exploration=np.zeros(n))
