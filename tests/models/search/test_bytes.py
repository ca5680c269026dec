"""What both ways to search vectors of one byte a number must find; one needs an instruction."""

import numpy as np
import pytest

from equipoise.models.search import byte_blocks
from equipoise.models.search.byte_blocks import ByteBlocks, supported
from equipoise.models.search.byte_rows import ByteRows
from equipoise.random import derive

Made = type[ByteBlocks] | type[ByteRows]
needs_the_instruction = pytest.mark.skipif(not supported(), reason="this processor lacks AVX-512 VNNI")
both = pytest.mark.parametrize("made", [ByteRows, pytest.param(ByteBlocks, marks=needs_the_instruction)])


def codes(n: int, f: int) -> np.ndarray:
    return derive(3, f"codes {n} {f}").integers(-127, 128, (n, f)).astype(np.int8)


@both
@pytest.mark.parametrize(
    ("n", "f", "wanted"), [(20_000, 64, 200), (20_000, 100, 10), (300, 7, 40), (5, 3, 5)]
)
def test_enough_has_the_largest_products_in_the_order_of_the_items(
    made: Made, n: int, f: int, wanted: int
) -> None:
    # A query of whole numbers whose largest fills the range is not rounded further.
    table, query = codes(n, f), derive(4, "query").integers(-127, 128, f).astype(np.float32)
    query[0] = 127
    found = made.of(table).enough(query, wanted)
    assert (np.diff(found) > 0).all()
    assert set(np.argsort(-(table.astype(np.int64) @ query), kind="stable")[:wanted]) <= set(found)


@both
def test_few_more_than_wanted_are_found(made: Made) -> None:
    found = made.of(codes(20_000, 64)).enough(derive(4, "query").normal(size=64).astype(np.float32), 200)
    assert 200 <= len(found) <= 1000


@both
def test_sums_of_the_largest_numbers_stay_in_range(made: Made) -> None:
    table = np.full((4, 3000), 127, np.int8)
    table[2] = -127
    assert set(made.of(table).enough(np.full(3000, 1e9, np.float32), 3)) >= {0, 1, 3}


@both
def test_one_block_and_what_fills_it_up(made: Made) -> None:
    table = np.full((17, 4), -100, np.int8)
    assert made.of(table).enough(np.ones(4, np.float32), 17).tolist() == list(range(17))


@both
def test_equal_products_are_all_found(made: Made) -> None:
    table = np.zeros((5000, 4), np.int8)
    assert made.of(table).enough(np.ones(4, np.float32), 10).tolist() == list(range(5000))


@both
def test_a_query_of_nothing_finds_everything(made: Made) -> None:
    assert len(made.of(codes(5000, 8)).enough(np.zeros(8, np.float32), 10)) == 5000


def test_where_the_compiler_does_not_know_the_instruction_it_is_not_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_: object) -> None:
        raise RuntimeError("LLVM: unknown intrinsic")

    monkeypatch.setattr(byte_blocks, "_sample", unknown)
    assert not supported.__wrapped__()
