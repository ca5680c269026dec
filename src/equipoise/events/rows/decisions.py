"""Decisions in their table."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from equipoise.events.codec import Unpacked, pack, unpack
from equipoise.events.facts import Census, Decision
from equipoise.events.log import Table
from equipoise.events.names import Codes, Spellings
from equipoise.events.rows.kept import to_batch
from equipoise.events.schema import CHOICE, DECISIONS
from equipoise.types import Ints

_LISTS = ("candidates", "scores", "slate", "features", "census", "census_share")
_PLAIN = tuple(name for name in DECISIONS.names if name not in _LISTS)


class DecisionRows:
    """The table of decisions: what is asked for in columns, the rest packed into one."""

    table: Table = "decisions"
    key = "recommendation_id"
    columns = (
        "seq",
        "recommendation_id",
        "user",
        "session",
        "surface",
        "timestamp",
        "policy",
        "policy_version",
        "variant",
        "features_version",
        "exploration",
        "reason",
        "body",
    )
    query = """
        SELECT seq, recommendation_id, user.id, session.id, surface.id, timestamp, policy.id, policy_version,
               variant.id, features_version.id, exploration, reason.id, body
        FROM decisions AS d LEFT JOIN ids AS surface ON surface.code = d.surface
        LEFT JOIN ids AS policy ON policy.code = d.policy LEFT JOIN ids AS variant ON variant.code = d.variant
        LEFT JOIN ids AS features_version ON features_version.code = d.features_version
        LEFT JOIN ids AS reason ON reason.code = d.reason
        LEFT JOIN ids AS user ON user.code = d.user LEFT JOIN ids AS session ON session.code = d.session
        WHERE d.seq > :after"""

    def ids(self, decision: Decision) -> Iterable[str | None]:
        """Return the users, sessions and words of `decision`."""
        return (
            decision.user_id,
            decision.session_id,
            decision.surface,
            decision.policy,
            decision.variant,
            decision.features_version,
            decision.reason,
        )

    def item_ids(self, decision: Decision) -> Iterator[str | None]:
        """Return the items of `decision`, and the sources they came from."""
        yield from decision.candidates
        for choice in decision.slate:
            yield choice.item_id
            yield choice.source

    def row(self, seq: int, decision: Decision, ids: Codes, items: Codes) -> tuple[Any, ...]:
        """Return the stored row of `decision`."""
        return (
            seq,
            decision.recommendation_id,
            ids.maybe(decision.user_id),
            ids.maybe(decision.session_id),
            ids.of(decision.surface),
            decision.timestamp,
            ids.of(decision.policy),
            decision.policy_version,
            ids.of(decision.variant),
            ids.of(decision.features_version),
            decision.exploration,
            ids.of(decision.reason),
            pack(decision, items.of),
        )

    def fact(self, row: tuple[Any, ...], items: Spellings) -> Decision:
        """Return the decision of a row of the query."""
        body = unpack(row[12])
        return Decision(
            recommendation_id=row[1],
            user_id=row[2],
            session_id=row[3],
            surface=row[4],
            timestamp=row[5],
            policy=row[6],
            policy_version=row[7],
            variant=row[8],
            candidates=tuple(items.of(body.candidates)),
            scores=body.scores,
            features_version=row[9],
            slate=body.choices(items.of),
            exploration=row[10],
            reason=row[11],
            features=body.features,
            census=body.census,
        )

    def arrow(self, rows: Sequence[tuple[Any, ...]], items: Spellings) -> pa.RecordBatch:
        """Return rows of the query with their bodies unpacked into lists."""
        *columns, bodies = zip(*rows, strict=True)
        plain = dict(zip(_PLAIN, columns, strict=True)) | _lists([unpack(body) for body in bodies], items)
        return to_batch((plain[name] for name in DECISIONS.names), DECISIONS)


def _lists(bodies: list[Unpacked], items: Spellings) -> dict[str, pa.Array]:
    def spelled(parts: list[Ints]) -> pa.Array:
        return pa.array(items.of(np.concatenate(parts)) if parts else [], pa.string())

    def joined(parts: list[Any], kind: pa.DataType) -> pa.Array:
        return pa.array(np.concatenate(parts) if parts else [], kind)

    choices = [
        spelled([body.items for body in bodies]),
        joined([body.positions for body in bodies], pa.int32()),
        joined([body.slate_scores for body in bodies], pa.float32()),
        joined([body.propensities for body in bodies], pa.float64()),
        joined([body.explored for body in bodies], pa.bool_()),
        spelled([body.sources for body in bodies]),
    ]
    slates = _offsets([len(body.items) for body in bodies])
    shown = _offsets([len(body.candidates) for body in bodies])
    widths = [body.features.shape[1] for body in bodies for _ in body.items]
    features = joined([body.features.ravel() for body in bodies], pa.float32())
    return {
        "candidates": pa.ListArray.from_arrays(shown, spelled([body.candidates for body in bodies])),
        "scores": pa.ListArray.from_arrays(shown, joined([body.scores for body in bodies], pa.float32())),
        "slate": pa.ListArray.from_arrays(slates, pa.StructArray.from_arrays(choices, fields=list(CHOICE))),
        "features": pa.ListArray.from_arrays(slates, pa.ListArray.from_arrays(_offsets(widths), features)),
    } | _censuses([body.census for body in bodies])


def _censuses(kept: list[Census | None]) -> dict[str, pa.Array]:
    tables = [np.zeros((0, 0), np.float32) if one is None else one.features for one in kept]
    flat = np.concatenate([table.ravel() for table in tables]) if tables else np.zeros(0, np.float32)
    widths = [width for rows, width in (table.shape for table in tables) for _ in range(rows)]
    each = pa.ListArray.from_arrays(_offsets(widths), pa.array(flat, pa.float32()))
    return {
        "census": pa.ListArray.from_arrays(_offsets([len(table) for table in tables]), each),
        "census_share": pa.array([0.0 if one is None else one.share for one in kept], pa.float64()),
    }


def _offsets(lengths: list[int]) -> pa.Array:
    return pa.array(np.concatenate(([0], np.cumsum(lengths, dtype=np.int64))), pa.int32())
