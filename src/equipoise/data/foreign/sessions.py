"""A folder with sessions.json, [[item, ...], ...], and test.json, [[prefix, ...], [next item, ...]]."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeVar

import msgspec
import numpy as np

from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import Coded, coded
from equipoise.data.foreign.format import Format
from equipoise.data.foreign.words import text_of
from equipoise.data.histories import Histories
from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut
from equipoise.data.splits.given import GivenQuestions
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import BadInputError
from equipoise.types import Ints

T = TypeVar("T")
Item = int | str
_SESSIONS, _TEST = "sessions.json", "test.json"


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return (Path(data) / _SESSIONS).is_file() and (Path(data) / _TEST).is_file()


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    sessions = _decoded(Path(data) / _SESSIONS, list[list[Item]], "[[item, ...], ...]")
    path = Path(data) / _TEST
    prefixes, answers = _decoded(path, tuple[list[list[Item]], list[Item]], "[[prefix, ...], [next, ...]]")
    _check(path, prefixes, answers)
    rows = _coded(sessions)
    names = dict.fromkeys(chain(rows.items.ids, map(str, chain(*prefixes)), map(str, answers)))
    vocabulary = Vocabulary(tuple(names))
    trained = _widened(rows.interactions, len(vocabulary))
    asked = _asked(prefixes, answers, vocabulary, trained.n_users)
    return Dataset(
        name=Path(data).resolve().name,
        interactions=trained,
        users=rows.users,
        items=vocabulary,
        order=Order.PLACES,
        given=(GivenQuestions(asked=asked),),
        shown_again=True,
    )


def _check(path: Path, prefixes: Sequence[Sequence[Item]], answers: Sequence[Item]) -> None:
    if len(prefixes) != len(answers):
        raise BadInputError(
            str(path), f"has {len(prefixes)} prefixes and {len(answers)} answers; give one each"
        )
    empty = next((row for row, prefix in enumerate(prefixes, start=1) if not prefix), None)
    if empty is not None:
        raise BadInputError(f"{path}, row {empty}", "is an empty prefix; leave it out with its answer")


def _coded(sessions: Sequence[Sequence[Item]]) -> Coded:
    lengths = [len(session) for session in sessions]
    users = np.repeat(np.arange(len(sessions)), lengths)
    places = np.concatenate([np.arange(length) for length in lengths] or [np.empty(0, np.int64)])
    return coded(users.tolist(), list(map(str, chain(*sessions))), times=places)


def _widened(data: Interactions, n_items: int) -> Interactions:
    return Interactions(
        users=data.users,
        items=data.items,
        times=data.times,
        weights=data.weights,
        values=data.values,
        n_users=data.n_users,
        n_items=n_items,
    )


def _asked(
    prefixes: Sequence[Sequence[Item]], answers: Sequence[Item], items: Vocabulary, first_user: int
) -> HeldOut:
    return HeldOut(
        users=first_user + np.arange(len(answers)),
        histories=Histories.of([_codes(prefix, items) for prefix in prefixes]),
        targets=Histories(_codes(answers, items), np.arange(len(answers) + 1)),
        values=np.zeros(len(answers)),
    )


def _codes(row: Sequence[Item], items: Vocabulary) -> Ints:
    return items.encode(map(str, row))


def _decoded(path: Path, kind: type[T], shape: str) -> T:
    try:
        return msgspec.json.decode(text_of(path), type=kind)
    except msgspec.DecodeError as error:
        raise BadInputError(str(path), f"is not {shape} ({error})") from error


FORMAT = Format(about="a folder with sessions.json and test.json", recognises=_recognises, read=_read)
