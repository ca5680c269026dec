"""The bytes of a decision: what 200 candidates, their scores and a slate cost in the log.

Item codes are sorted and kept as differences of a few bits each; scores and features are float16 under
a power of two; propensities stay float64, because weights are their inverses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from equipoise.events.facts import Choice, Decision
from equipoise.types import Floats, Ints

_LARGEST_HALF = 60_000.0
Coder = Callable[[str], int]
Names = Callable[[Ints], Sequence[str]]


class Body(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The packed part of a decision; the field order is the format."""

    candidates: bytes
    scores: bytes
    scores_scale: float
    items: bytes
    positions: bytes
    slate_scores: bytes
    propensities: bytes
    explored: bytes
    sources: bytes
    features: bytes
    features_scale: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A body as arrays: `candidates` and `scores` (m,), `features` (k, d), the rest (k,)."""

    candidates: Ints
    scores: Floats
    items: Ints
    positions: Ints
    slate_scores: Floats
    propensities: Floats
    explored: np.ndarray[tuple[int], np.dtype[np.bool_]]
    sources: Ints
    features: Floats

    def choices(self, names: Names) -> tuple[Choice, ...]:
        """Return the slate with the names of its items and sources."""
        columns = zip(
            names(self.items),
            self.positions.tolist(),
            self.slate_scores.tolist(),
            self.propensities.tolist(),
            self.explored.tolist(),
            names(self.sources),
            strict=True,
        )
        return tuple(
            Choice(item_id=item, position=place, score=score, propensity=chance, explored=new, source=source)
            for item, place, score, chance, new, source in columns
        )


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Body)


def pack(decision: Decision, code: Coder) -> bytes:
    """Return the body of `decision`; `code` numbers its items and sources."""
    candidates = np.fromiter(map(code, decision.candidates), np.int64, len(decision.candidates))
    order = np.argsort(candidates, kind="stable")
    scores, scores_scale = pack_halves(np.asarray(decision.scores)[order])
    features, features_scale = pack_halves(np.asarray(decision.features).ravel())
    slate = decision.slate
    body = Body(
        candidates=pack_ints(np.diff(candidates[order], prepend=0)),
        scores=scores,
        scores_scale=scores_scale,
        items=pack_ints(_ints([code(choice.item_id) for choice in slate])),
        positions=pack_ints(_ints([choice.position for choice in slate])),
        slate_scores=np.array([choice.score for choice in slate], "<f4").tobytes(),
        propensities=np.array([choice.propensity for choice in slate], "<f8").tobytes(),
        explored=np.packbits(np.array([choice.explored for choice in slate], np.bool_)).tobytes(),
        sources=pack_ints(_ints([code(choice.source) for choice in slate])),
        features=features,
        features_scale=features_scale,
    )
    return _encoder.encode(body)


def unpack(payload: bytes) -> Unpacked:
    """Return the arrays of a body; raise `ValueError` where it is none."""
    body = _decoder.decode(payload)
    items = unpack_ints(body.items)
    k = len(items)
    features = unpack_halves(body.features, body.features_scale)
    return Unpacked(
        candidates=np.cumsum(unpack_ints(body.candidates)),
        scores=unpack_halves(body.scores, body.scores_scale),
        items=items,
        positions=unpack_ints(body.positions),
        slate_scores=np.frombuffer(body.slate_scores, "<f4"),
        propensities=np.frombuffer(body.propensities, "<f8"),
        explored=np.unpackbits(np.frombuffer(body.explored, np.uint8), count=k).astype(np.bool_),
        sources=unpack_ints(body.sources),
        features=features.reshape(k, -1) if k and len(features) else np.zeros((k, 0), np.float32),
    )


def pack_ints(values: Ints) -> bytes:
    """Return non-negative integers below 2^35 as variable-length bytes, 7 bits each, lowest first."""
    places = np.arange(5)
    groups = (values[:, None] >> (7 * places)) & 0x7F
    lengths = 1 + (values[:, None] >> (7 * places[1:]) > 0).sum(axis=1)
    more = np.where(places < lengths[:, None] - 1, 0x80, 0)
    return (groups | more).astype(np.uint8)[places < lengths[:, None]].tobytes()


def unpack_ints(payload: bytes) -> Ints:
    """Return the integers of `pack_ints`."""
    if not payload:
        return np.empty(0, np.int64)
    raw = np.frombuffer(payload, np.uint8).astype(np.int64)
    starts = np.concatenate(([0], np.flatnonzero(raw < 0x80)[:-1] + 1))
    place = np.arange(len(raw)) - np.repeat(starts, np.diff(starts, append=len(raw)))
    return np.add.reduceat((raw & 0x7F) << (7 * place), starts)


def pack_halves(values: Floats) -> tuple[bytes, float]:
    """Return float16 bytes and the power of two by which to multiply them, 1 unless they are huge."""
    largest = float(np.abs(values, where=np.isfinite(values), out=np.zeros(len(values))).max(initial=0.0))
    scale = 1.0 if largest <= _LARGEST_HALF else float(2.0 ** np.ceil(np.log2(largest / _LARGEST_HALF)))
    return (values / scale).astype("<f2").tobytes(), scale


def unpack_halves(payload: bytes, scale: float) -> Floats:
    """Return the values of `pack_halves` as float32."""
    return np.frombuffer(payload, "<f2").astype(np.float32) * np.float32(scale)


def _ints(values: list[int]) -> Ints:
    return np.array(values, np.int64)
