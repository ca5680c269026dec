"""What was set out for on each data set, and how near the models came, in a sentence made of what is kept."""

from collections.abc import Iterator, Sequence

from collaborative_protocols import Protocol
from collaborative_settings import SETTINGS
from collaborative_store import Result, Store, mean


def verdict(store: Store, protocol: Protocol) -> str:
    """Return whether one model reached all `aims` of `protocol`, and which; where there are none, nothing."""
    measured = list(_measured(store, protocol)) if protocol.aims else []
    if not measured:
        return ""
    label, results = max(measured, key=lambda pair: _share(pair[1], protocol))
    aims = " and ".join(
        f"{metric} {_short(aim)}" for metric, aim in zip(protocol.shown, protocol.aims, strict=False)
    )
    has = " and ".join(_short(mean(results, metric)) for metric in protocol.shown[: len(protocol.aims)])
    said = (
        f"**Met** by `{label}`" if _share(results, protocol) >= 1 else f"**Missed**; `{label}` comes nearest"
    )
    return f"Aim: {aims} without deep models. {said}: {has}. {protocol.note}".rstrip()


def _measured(store: Store, protocol: Protocol) -> Iterator[tuple[str, Sequence[Result]]]:
    for contestant in SETTINGS[protocol.name]:
        if results := store.of(protocol.name, contestant.label):
            yield contestant.label, results


def _share(results: Sequence[Result], protocol: Protocol) -> float:
    """Return how much of its aim a model has where it is furthest from it."""
    aims = zip(protocol.shown, protocol.aims, strict=False)
    return min(mean(results, metric) / aim for metric, aim in aims)


def _short(figure: float) -> str:
    return f"{figure:.4f}".rstrip("0").lstrip("0")
