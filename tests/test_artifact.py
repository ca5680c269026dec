import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from equipoise.artifact import load_artifact, read_manifest, save_artifact
from equipoise.data.catalogue import Catalogue
from equipoise.data.histories import Histories
from equipoise.data.rewards import RewardWeights
from equipoise.data.vocabulary import Vocabulary
from equipoise.errors import ArtifactError
from equipoise.models import EASE
from equipoise.models.fusion.blend import BlendScorer
from equipoise.models.item_item import DenseItems
from equipoise.types import Floats

HERE = __name__.partition(".")[0]


@dataclass(frozen=True)
class Everything:
    """One field of each sort that can be saved."""

    array: Floats
    table: sparse.csr_matrix
    inner: EASE
    many: tuple[EASE, ...]
    named: dict[str, EASE]
    text: str
    number: float
    nothing: None
    numpy_number: Any
    derived: int = field(init=False, default=3)


EVERYTHING = Everything(
    array=np.arange(6, dtype=np.float32).reshape(2, 3).T,
    table=sparse.csr_matrix(np.eye(3, dtype=np.float32)),
    inner=EASE(reg=1.0),
    many=(EASE(reg=2.0), EASE(reg=3.0)),
    named={"a": EASE(reg=4.0)},
    text="naïve",
    number=0.1,
    nothing=None,
    numpy_number=np.int64(9),
)


def test_every_sort_of_field_comes_back(tmp_path: Path) -> None:
    save_artifact(EVERYTHING, tmp_path / "it")
    again = load_artifact(Everything, tmp_path / "it", trust=(HERE,))
    np.testing.assert_array_equal(again.array, EVERYTHING.array)
    assert again.array.dtype == np.float32
    assert (again.table != EVERYTHING.table).nnz == 0
    assert (again.inner, again.many, again.named) == (EVERYTHING.inner, EVERYTHING.many, EVERYTHING.named)
    assert (again.text, again.number, again.nothing, again.numpy_number) == ("naïve", 0.1, None, 9)


def test_what_was_said_about_it_is_kept(tmp_path: Path) -> None:
    save_artifact(Vocabulary(("a",)), tmp_path / "it", about={"rows": 3})
    assert read_manifest(tmp_path / "it")["about"] == {"rows": 3}


def test_saving_again_replaces_the_whole(tmp_path: Path) -> None:
    save_artifact(EVERYTHING, tmp_path / "it")
    save_artifact(Vocabulary(("a", "b")), tmp_path / "it")
    assert load_artifact(Vocabulary, tmp_path / "it") == Vocabulary(("a", "b"))
    assert [path.name for path in tmp_path.iterdir()] == ["it"]


def test_a_save_that_fails_leaves_the_old_one(tmp_path: Path) -> None:
    save_artifact(Vocabulary(("a",)), tmp_path / "it")
    with pytest.raises(TypeError):
        save_artifact(Vocabulary(("b",)), tmp_path / "it", about={"bad": object()})
    assert load_artifact(Vocabulary, tmp_path / "it") == Vocabulary(("a",))


def test_scorers_inside_scorers_come_back(tmp_path: Path) -> None:
    blend = BlendScorer(
        scorers={"ease": DenseItems(weights=np.eye(3, dtype=np.float32))}, weights={"ease": 1.0}
    )
    save_artifact(blend, tmp_path / "it")
    again = load_artifact(BlendScorer, tmp_path / "it")
    asked = Histories.of([[1]])
    np.testing.assert_array_equal(again.score(asked), blend.score(asked))


def test_an_empty_catalogue_comes_back(tmp_path: Path) -> None:
    none = np.empty(0)
    content = sparse.csr_matrix((0, 4), dtype=np.float32)
    catalogue = Catalogue(
        prices=none, arrived=none.astype(np.int64), available=none.astype(np.bool_), content=content
    )
    save_artifact(catalogue, tmp_path / "it")
    assert load_artifact(Catalogue, tmp_path / "it").content.shape == (0, 4)


def test_the_wrong_kind_is_refused(tmp_path: Path) -> None:
    save_artifact(Vocabulary(("a",)), tmp_path / "it")
    with pytest.raises(ArtifactError, match="holds a Vocabulary, not a EASE"):
        load_artifact(EASE, tmp_path / "it")


def test_an_absent_one_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="train first, or name another folder"):
        load_artifact(EASE, tmp_path / "nowhere")


def test_one_flipped_byte_is_noticed(tmp_path: Path) -> None:
    save_artifact(DenseItems(weights=np.ones((3, 3), np.float32)), tmp_path / "it")
    path = tmp_path / "it" / "arrays.safetensors"
    payload = bytearray(path.read_bytes())
    payload[-1] ^= 1
    path.write_bytes(payload)
    with pytest.raises(ArtifactError, match="do not match their checksum"):
        load_artifact(DenseItems, tmp_path / "it")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "not JSON"),
        ("[]", "not an equipoise artifact"),
        ("{}", "not an equipoise artifact"),
        ('"manifest"', "not an equipoise artifact"),
    ],
)
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str, what: str) -> None:
    save_artifact(Vocabulary(("a",)), tmp_path / "it")
    (tmp_path / "it" / "manifest.json").write_text(text)
    with pytest.raises(ArtifactError, match=what):
        load_artifact(Vocabulary, tmp_path / "it")


def _edited(tmp_path: Path, **changes: Any) -> Path:
    save_artifact(EASE(), tmp_path / "it")
    path = tmp_path / "it" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    return tmp_path / "it"


def test_another_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="format 99, this version reads 1"):
        load_artifact(EASE, _edited(tmp_path, format=99))


@pytest.mark.parametrize(
    ("tree", "what"),
    [
        ({"kind": "os:system", "state": {}}, "comes from a package that is not trusted"),
        ({"kind": "equipoise.random:derive", "state": {"seed": {"value": 1}}}, "is not a dataclass"),
        ({"kind": "equipoise.models:Gone", "state": {}}, "cannot be read"),
        ({"kind": "equipoise.gone:EASE", "state": {}}, "cannot be read"),
        ({"kind": "equipoise.models:EASE", "state": {"gone": {"value": 1}}}, "cannot be read"),
        ({"array": "gone"}, "cannot be read"),
        ({}, "cannot be read"),
    ],
)
def test_a_foreign_or_broken_tree_is_refused(tmp_path: Path, tree: dict[str, Any], what: str) -> None:
    with pytest.raises(ArtifactError, match=what):
        load_artifact(EASE, _edited(tmp_path, tree=tree))


def test_values_that_break_a_rule_are_refused_as_an_artifact(tmp_path: Path) -> None:
    tree = {"kind": "equipoise.models.linear.ease:EASE", "state": {"reg": {"value": -1.0}}}
    with pytest.raises(ArtifactError, match="reg: must be above 0"):
        load_artifact(EASE, _edited(tmp_path, tree=tree))


def test_structs_come_back_like_dataclasses(tmp_path: Path) -> None:
    weights = RewardWeights(click=0.25, returned=-2.0)
    save_artifact(weights, tmp_path / "weights")
    assert load_artifact(RewardWeights, tmp_path / "weights") == weights
