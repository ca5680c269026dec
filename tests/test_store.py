from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import ArtifactError, BadInputError
from equipoise.store import ArtifactStore


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(folder=tmp_path / "artifacts")


@dataclass(frozen=True)
class Foreign:
    numbers: np.ndarray[tuple[int], np.dtype[np.float64]]


def words(*ids: str) -> Vocabulary:
    return Vocabulary(ids)


def test_what_was_published_last_is_current(store: ArtifactStore) -> None:
    assert store.current("shop") is None
    assert store.publish(words("a"), "shop") == 1
    assert store.publish(words("a", "b"), "shop", {"rows": 2}) == 2
    assert store.current("shop") == 2
    assert store.load("shop", Vocabulary) == words("a", "b")
    assert store.load("shop", Vocabulary, version=1) == words("a")
    assert store.about("shop") == {"rows": 2}


def test_only_the_newest_versions_are_kept(tmp_path: Path) -> None:
    store = ArtifactStore(folder=tmp_path, keep=2)
    for number in range(4):
        store.publish(words(str(number)), "shop")
    assert store.versions("shop") == [3, 4]
    assert store.load("shop", Vocabulary) == words("3")


def test_keeping_one_version_keeps_the_current_one(tmp_path: Path) -> None:
    store = ArtifactStore(folder=tmp_path, keep=1)
    for number in range(3):
        store.publish(words(str(number)), "shop")
    assert store.versions("shop") == [3]


def test_names_do_not_share_versions(store: ArtifactStore) -> None:
    store.publish(words("a"), "shop")
    assert store.publish(words("b"), "policy") == 1
    assert store.load("shop", Vocabulary) == words("a")


def test_a_publication_that_dies_half_way_leaves_the_old_version_current(store: ArtifactStore) -> None:
    store.publish(words("a"), "shop")
    with pytest.raises(TypeError):
        store.publish(words("b"), "shop", about={"bad": object()})
    assert store.current("shop") == 1
    assert store.load("shop", Vocabulary) == words("a")
    assert store.publish(words("c"), "shop") == 3
    assert store.versions("shop") == [1, 3]


def test_asking_before_anything_is_published_says_what_to_do(store: ArtifactStore) -> None:
    with pytest.raises(ArtifactError, match="no shop is published; run `equipoise train` first"):
        store.load("shop", Vocabulary)


def test_a_damaged_pointer_is_refused(store: ArtifactStore) -> None:
    store.publish(words("a"), "shop")
    (store.folder / "shop" / "current").write_text("../../etc")
    with pytest.raises(ArtifactError, match="not a version number"):
        store.load("shop", Vocabulary)


@pytest.mark.parametrize("name", ["", "../up", "a/b", "Shop", ".hidden"])
def test_names_cannot_leave_the_folder(store: ArtifactStore, name: str) -> None:
    with pytest.raises(BadInputError, match="name"):
        store.publish(words("a"), name)


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArtifactError, match="cannot publish shop"):
        ArtifactStore(folder=tmp_path / "file").publish(words("a"), "shop")


def test_classes_of_other_packages_load_only_when_trusted(tmp_path: Path) -> None:
    ArtifactStore(folder=tmp_path).publish(Foreign(np.zeros(2)), "shop")
    with pytest.raises(ArtifactError, match="not trusted"):
        ArtifactStore(folder=tmp_path).load("shop", Foreign)


def test_keeping_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="keep"):
        ArtifactStore(folder=tmp_path, keep=0)
