"""Products of a query with vectors of one byte a number, 16 vectors side by side.

Processors with AVX-512 VNNI multiply 64 pairs of bytes and add them up by fours in one instruction. Items
are laid out for it: of each 16, the first four numbers of all, then the next four. No sum runs across a
register, and the search is as fast as memory is read. Compilers do not find the instruction in a loop, so it
is named here.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from llvmlite import binding, ir
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic

from equipoise.kernels import kernel
from equipoise.types import Floats, Ints

_ROWS, _STEP = 16, 16
"""Items a block, and numbers a turn of the loop: four instructions whose sums do not wait for one another."""
STRIDE = 31
"""One block in so many tells where the bar must lie; a prime, as catalogues are laid out in round numbers."""
SURE = 3.0
"""Standard deviations by which more than enough are let through, so that the sample seldom misleads."""
_ZERO = 128
"""What stands for 0: the instruction takes one side without sign. It adds the same to every product."""


@cache
def supported() -> bool:
    """Return whether this processor has the instruction, and Numba compiles it and was told no other one."""
    told = any(vars(config)[name] is not None for name in ("CPU_NAME", "CPU_FEATURES"))
    there = binding.get_host_cpu_features().get("avx512vnni", False)
    return bool(there) and not (told or vars(config)["DISABLE_JIT"]) and _as_known()


def _as_known() -> bool:
    """Return whether the compiler knows the instruction by the name and the types that are used here."""
    codes, query = np.arange(-128, 128).reshape(16, 16).astype(np.int8), np.arange(16) - 8
    try:
        rounded = _rounded(query.astype(np.float32), _STEP)
        (largest,) = _sample(ByteBlocks.of(codes).blocks, rounded)
    except Exception:
        # Whatever another version of LLVM says of it: the search goes row by row then.
        return False
    return bool(largest == ((codes.astype(np.int64) + _ZERO) @ rounded.view(np.int8)).max())


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteBlocks:
    """`blocks` (b, f / 4, 64) uint8 of `n_items` items."""

    blocks: Ints
    n_items: int

    @classmethod
    def of(cls, codes: Ints) -> "ByteBlocks":
        """Lay out `codes` (m, f) int8."""
        m, f = codes.shape
        padded = np.full((-(-m // _ROWS) * _ROWS, _wide(f)), _ZERO, np.uint8)
        padded[:m, :f] = codes.astype(np.int16) + _ZERO
        blocks = _aligned((len(padded) // _ROWS, padded.shape[1] // 4, 64))
        blocks.reshape(*blocks.shape[:2], _ROWS, 4)[:] = padded.reshape(
            len(blocks), _ROWS, blocks.shape[1], 4
        ).transpose(0, 2, 1, 3)
        return cls(blocks=blocks, n_items=m)

    def enough(self, query: Floats, wanted: int) -> Ints:
        """Return the items of the `wanted` largest products with `query` (f,), and some more, in order."""
        return _enough(self.blocks, query, self.n_items, wanted)


def _aligned(shape: tuple[int, ...]) -> Ints:
    """Return room for bytes that begins where a line of the cache does."""
    room = np.empty(int(np.prod(shape)) + 63, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + len(room) - 63].reshape(shape)


def _wide(f: int) -> int:
    """Return `f` rounded up to whole turns of the loop, at least one."""
    return max(1, -(-f // _STEP)) * _STEP


@kernel
def _enough(blocks: Ints, query: Floats, n_items: int, wanted: int) -> Ints:
    """Return the items above a bar that lets `wanted` through; a sample tells where it must lie."""
    rounded, rank = _rounded(query, 4 * blocks.shape[1]), wanted / STRIDE
    sample, hits = _sample(blocks, rounded), np.empty((len(blocks), 2), np.int32)
    while True:
        rank += SURE * (rank + 1.0) ** 0.5
        place = len(sample) - 1 - int(rank)
        if place < 0:
            return np.arange(n_items)
        n = _reaching(blocks, rounded, np.partition(sample, place)[place], hits)
        found = _places(hits[:n], n_items)
        if len(found) >= wanted:
            return found


@kernel
def _rounded(query: Floats, width: int) -> Ints:
    """Return `query` (f,) in 255 steps of one size, `width` bytes of which are four to a number."""
    rounded, largest = np.zeros(width, np.int8), np.float32(0)
    for number in query:
        largest = max(largest, abs(number))
    for place in range(len(query) if largest > 0 else 0):
        rounded[place] = np.int8(np.rint(query[place] / largest * np.float32(127)))
    return rounded.view(np.int32)


@kernel
def _sample(blocks: Ints, query: Ints) -> Ints:
    """Return the largest product of one block in `STRIDE`: of few items, no two are likely in one block."""
    sample, products = np.empty(-(-len(blocks) // STRIDE), np.int32), np.empty(_ROWS, np.int32)
    for place in range(len(sample)):
        _products(blocks, query, STRIDE * place, np.int32(0), products)
        largest = products[0]
        for row in range(1, _ROWS):
            largest = max(largest, products[row])
        sample[place] = largest
    return sample


@kernel
def _reaching(blocks: Ints, query: Ints, bar: np.int32, hits: Ints) -> int:
    """Write each block that has products of at least `bar`, and a bit for each of these, into `hits` (b, 2).

    Returns how many. Nothing is decided while memory is read: a wrong guess of the processor would stop it.
    """
    products, n = np.empty(_ROWS, np.int32), 0
    for block in range(len(blocks)):
        reach = _products(blocks, query, block, bar, products)
        hits[n, 0], hits[n, 1] = block, reach
        n += reach > 0
    return n


@kernel
def _places(hits: Ints, n_items: int) -> Ints:
    """Return the items of the bits in `hits`, in order."""
    found, n = np.empty(len(hits) * _ROWS, np.int64), 0
    for block, reach in hits:
        for row in range(_ROWS):
            found[n] = block * _ROWS + row
            n += (reach >> row) & 1
    while n > 0 and found[n - 1] >= n_items:
        n -= 1
    return found[:n]


def _typed(typing: Any, blocks: Any, query: Any, block: Any, bar: Any, out: Any) -> Any:
    return types.int64(blocks, query, types.int64, types.int32, out), _emit


_products: Any = intrinsic(_typed)
"""Write the 16 products of a block into the last argument; return a bit for each of at least the bar.

(blocks, query, block, bar, out), all in the order of memory; the query (f / 4,) holds four bytes a number.
"""


_BYTE, _INT, _LONG = ir.IntType(8), ir.IntType(32), ir.IntType(64)
_SUMS = ir.VectorType(_INT, _ROWS)


def _emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    blocks, query, out = (
        context.make_array(signature.args[place])(context, builder, arguments[place]) for place in (0, 1, 4)
    )
    groups = builder.extract_value(blocks.shape, 1)
    start = builder.gep(blocks.data, [builder.mul(arguments[2], builder.mul(groups, _LONG(64)))])
    sums = [_room(builder) for _ in range(_STEP // 4)]
    with cgutils.for_range_slice(builder, _LONG(0), groups, _LONG(len(sums)), _LONG) as (group, _):
        for lane, total in enumerate(sums):
            _add_group(builder, start, query.data, builder.add(group, _LONG(lane)), total)
    first, second, third, fourth = map(builder.load, sums)
    products = builder.add(builder.add(first, second), builder.add(third, fourth))
    builder.store(products, builder.bitcast(out.data, _SUMS.as_pointer()), align=1)
    reach = builder.icmp_signed(">=", products, _sixteen(builder, arguments[3]))
    return builder.zext(builder.bitcast(reach, ir.IntType(_ROWS)), _LONG)


def _room(builder: Any) -> Any:
    """Return a place for 16 sums, with 0 in it."""
    with builder.goto_entry_block():
        place = builder.alloca(_SUMS)
    builder.store(ir.Constant(_SUMS, [0] * _ROWS), place)
    return place


def _add_group(builder: Any, start: Any, query: Any, group: Any, total: Any) -> None:
    """Add to `total` the products of four numbers of each item of a block with those of the query."""
    multiply = builder.module.declare_intrinsic(
        "llvm.x86.avx512.vpdpbusd.512", (), ir.FunctionType(_SUMS, [_SUMS] * 3)
    )
    where = builder.bitcast(builder.gep(start, [builder.mul(group, _LONG(64))]), _SUMS.as_pointer())
    four = _sixteen(builder, builder.load(builder.gep(query, [group])))
    builder.store(builder.call(multiply, [builder.load(total), builder.load(where, align=1), four]), total)


def _sixteen(builder: Any, number: Any) -> Any:
    """Return `number` in each lane."""
    undefined = ir.Constant(_SUMS, ir.Undefined)
    one = builder.insert_element(undefined, number, _INT(0))
    return builder.shuffle_vector(one, undefined, ir.Constant(_SUMS, [0] * _ROWS))
