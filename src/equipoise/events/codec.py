"""The bytes of a decision: what 200 candidates, their scores and a slate cost in the log.

Item codes are sorted and kept as differences of 7-bit groups; scores and features are float16 under a
power of two, their high bytes apart from the low ones, which are noise; propensities stay float64, because
weights are their inverses. What has structure is Huffman-coded. The features of all candidates, in the few
decisions that keep them, go column by column, for some hold one number throughout.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import msgspec
import numpy as np

from equipoise.events.facts import Census, Choice, Decision
from equipoise.types import Bools, Floats, Ints

_LARGEST_HALF = 60_000.0
_EFFORT = 6
Coder = Callable[[str], int]
Names = Callable[[Ints], Sequence[str]]


class Table(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """A packed `Census`: the columns of its features, candidates by code, as bytes of float16."""

    share: float
    columns: bytes
    exponent: int


class Body(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """The packed part of a decision; the field order is the format.

    `codes` are the m differences of the candidates, then the k items, positions and sources of the slate.
    `high` and `low` are the bytes of m + k scores and of the features, by position. `by_expert` holds e
    propensities for each position; it and `census` came later, and bodies without them are read as before.
    """

    m: int
    k: int
    codes: bytes
    high: bytes
    low: bytes
    scores_exponent: int
    features_exponent: int
    propensities: bytes
    explored: bytes
    by_expert: bytes = b""
    census: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacked:
    """A body as arrays.

    `candidates` and `scores` (m,), `features` (k, d), `by_expert` (k, e), `census` of (m, d), the rest (k,).
    """

    candidates: Ints
    scores: Floats
    items: Ints
    positions: Ints
    slate_scores: Floats
    propensities: Floats
    explored: Bools
    sources: Ints
    features: Floats
    by_expert: Floats
    census: Census | None

    def choices(self, names: Names) -> tuple[Choice, ...]:
        """Return the slate with the names of its items and sources."""
        columns = zip(
            names(self.items),
            self.positions.tolist(),
            self.slate_scores.tolist(),
            self.propensities.tolist(),
            self.explored.tolist(),
            names(self.sources),
            map(tuple, self.by_expert.tolist()),
            strict=True,
        )
        return tuple(
            Choice(
                item_id=item,
                position=place,
                score=score,
                propensity=chance,
                explored=new,
                source=source,
                by_expert=experts,
            )
            for item, place, score, chance, new, source, experts in columns
        )


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Body)


def pack(decision: Decision, code: Coder) -> bytes:
    """Return the body of `decision`; `code` numbers its items and sources."""
    slate = decision.slate
    candidates = np.fromiter(map(code, decision.candidates), np.int64, len(decision.candidates))
    order = np.argsort(candidates, kind="stable")
    shown = chain(
        (code(choice.item_id) for choice in slate),
        (choice.position for choice in slate),
        (code(choice.source) for choice in slate),
    )
    codes = np.concatenate(
        (np.diff(candidates[order], prepend=0), np.fromiter(shown, np.int64, 3 * len(slate)))
    )
    scores = np.concatenate((np.asarray(decision.scores)[order], [choice.score for choice in slate]))
    score_halves, scores_exponent = _halves(scores)
    feature_halves, features_exponent = _halves(np.asarray(decision.features).ravel())
    halved = np.concatenate((score_halves, feature_halves)).view(np.uint8)
    body = Body(
        m=len(candidates),
        k=len(slate),
        codes=_huffman(pack_ints(codes)),
        high=_huffman(halved[1::2].tobytes()),
        low=halved[0::2].tobytes(),
        scores_exponent=scores_exponent,
        features_exponent=features_exponent,
        propensities=np.array([choice.propensity for choice in slate], "<f8").tobytes(),
        explored=np.packbits(np.array([choice.explored for choice in slate], np.bool_)).tobytes(),
        by_expert=np.array([choice.by_expert for choice in slate], "<f8").tobytes(),
        census=None if decision.census is None else _table(decision.census, order),
    )
    return _encoder.encode(body)


def unpack(payload: bytes) -> Unpacked:
    """Return the arrays of a body; raise `ValueError` where it is none."""
    body = _decoder.decode(payload)
    m, k = body.m, body.k
    codes = unpack_ints(zlib.decompress(body.codes, -15))
    halved = np.empty((len(body.low), 2), np.uint8)
    halved[:, 0] = np.frombuffer(body.low, np.uint8)
    halved[:, 1] = np.frombuffer(zlib.decompress(body.high, -15), np.uint8)
    values = halved.reshape(-1).view("<f2").astype(np.float32)
    scores = np.ldexp(values[: m + k], body.scores_exponent)
    features = np.ldexp(values[m + k :], body.features_exponent)
    return Unpacked(
        candidates=codes[:m].cumsum(),
        scores=scores[:m],
        items=codes[m : m + k],
        positions=codes[m + k : m + 2 * k],
        slate_scores=scores[m:],
        propensities=np.frombuffer(body.propensities, "<f8"),
        explored=np.unpackbits(np.frombuffer(body.explored, np.uint8), count=k).astype(np.bool_),
        sources=codes[m + 2 * k :],
        features=features.reshape(k, -1) if len(features) else np.zeros((k, 0), np.float32),
        by_expert=np.frombuffer(body.by_expert, "<f8").reshape(k, -1 if body.by_expert else 0),
        census=None if body.census is None else _census(body.census, m),
    )


def _table(census: Census, order: Ints) -> Table:
    halves, exponent = _halves(np.asarray(census.features)[order].T)
    # All high bytes, then all low ones: alike ones stand together.
    planes = np.moveaxis(np.ascontiguousarray(halves).view(np.uint8).reshape(*halves.shape, 2), 2, 0)
    return Table(share=census.share, columns=zlib.compress(planes.tobytes(), _EFFORT), exponent=exponent)


def _census(table: Table, m: int) -> Census:
    planes = np.frombuffer(zlib.decompress(table.columns), np.uint8).reshape(2, -1)
    halves = np.ascontiguousarray(planes.T).view("<f2").reshape(-1, m) if m else np.zeros((0, 0), "<f2")
    features = np.ldexp(halves.T.astype(np.float32), table.exponent)
    return Census(features=features, share=table.share)


def pack_ints(values: Ints) -> bytes:
    """Return non-negative integers as variable-length bytes, 7 bits each, lowest first."""
    width = max(1, -(-int(values.max(initial=0)).bit_length() // 7))
    rest = values[:, None] >> np.arange(0, 7 * width, 7)
    keep = rest > 0
    keep[:, 0] = True
    groups = (rest & 0x7F).astype(np.uint8)
    groups[:, :-1] |= keep[:, 1:].view(np.uint8) << np.uint8(7)
    return groups[keep].tobytes()


def unpack_ints(payload: bytes) -> Ints:
    """Return the integers of `pack_ints`."""
    if not payload:
        return np.empty(0, np.int64)
    raw = np.frombuffer(payload, np.uint8).astype(np.int64)
    starts = np.concatenate(([0], np.flatnonzero(raw < 0x80)[:-1] + 1))
    place = np.arange(len(raw)) - np.repeat(starts, np.diff(starts, append=len(raw)))
    return np.add.reduceat((raw & 0x7F) << (7 * place), starts)


def _halves(values: Floats) -> tuple[Floats, int]:
    """Return float16 values and the power of two that restores them, 0 unless they are huge."""
    largest = float(np.abs(values[np.isfinite(values)]).max(initial=0.0))
    exponent = 0 if largest <= _LARGEST_HALF else int(np.ceil(np.log2(largest / _LARGEST_HALF)))
    return np.ldexp(values, -exponent).astype("<f2"), exponent


def _huffman(payload: bytes) -> bytes:
    coder = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_HUFFMAN_ONLY)
    return coder.compress(payload) + coder.flush()
