"""Environments by name: the built-in ones, and a user's own by `file.py:factory` or `module:factory`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from equipoise.errors import BadInputError
from equipoise.simulation import worlds
from equipoise.simulation.protocol import Environment, WorldConfig
from equipoise.simulation.replay import KuaiRandReplay, MovieLensReplay, OpenBanditReplay
from equipoise.simulation.study import Factory


@dataclass(frozen=True, slots=True)
class Listed:
    """A built-in environment, and the slate size that suits it."""

    config: Callable[[], WorldConfig]
    k: int = 1


ENVIRONMENTS: dict[str, Listed] = {
    "linear": Listed(worlds.Linear),
    "sparse_clicks": Listed(worlds.SparseClicks),
    "same_items": Listed(worlds.SameItems),
    "nonlinear": Listed(worlds.Nonlinear),
    "abrupt_drift": Listed(worlds.AbruptDrift),
    "gradual_drift": Listed(worlds.GradualDrift),
    "season": Listed(worlds.Season),
    "turnover": Listed(worlds.Turnover),
    "delayed_purchases": Listed(worlds.DelayedPurchases),
    "position_bias": Listed(worlds.PositionBias, k=5),
    "slates": Listed(worlds.Slates, k=5),
    "revenue": Listed(worlds.Revenue),
    "segments": Listed(worlds.Segments, k=5),
    "movielens_replay": Listed(MovieLensReplay),
    "kuairand_replay": Listed(KuaiRandReplay),
    "open_bandit_replay": Listed(OpenBanditReplay),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for: `factory` is called with a seed, `k` is the slate size that suits it."""

    factory: Factory
    k: int


def found(name: str) -> Found:
    """Return the environment called `name`, or the one that a user's `file.py:factory` makes."""
    if ":" in name:
        return Found(_own(name), 1)
    if name not in ENVIRONMENTS:
        known = ", ".join(ENVIRONMENTS)
        raise BadInputError("env", f"there is no {name!r}; choose one of {known}, or file.py:factory")
    listed = ENVIRONMENTS[name]
    return Found(listed.config().start, listed.k)


def _own(name: str) -> Factory:
    place, _, attribute = name.rpartition(":")
    module = _from_file(Path(place)) if place.endswith(".py") else _imported(place)
    factory = getattr(module, attribute, None)
    if not callable(factory):
        raise BadInputError("env", f"{place} has no function {attribute!r} to call with a seed")
    return lambda seed: _checked(factory(seed), name)


def _from_file(path: Path) -> ModuleType:
    spec = spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise BadInputError("env", f"there is no file {path}; name one as file.py:factory")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (ImportError, SyntaxError) as error:
        raise BadInputError("env", f"{path} cannot be imported ({error})") from error
    return module


def _imported(name: str) -> ModuleType:
    try:
        return import_module(name)
    except (ImportError, ValueError) as error:
        raise BadInputError("env", f"{name} cannot be imported ({error})") from error


def _checked(thing: object, name: str) -> Environment:
    if not isinstance(thing, Environment):
        raise BadInputError("env", f"{name} made no environment; it must have requests, react and best")
    return thing
