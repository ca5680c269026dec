"""Ids made here: 32 hexadecimal digits that sort by time (UUID version 7, RFC 9562)."""

import os
import time


def new_id() -> str:
    """Return a fresh id; ids made later sort later, to the millisecond."""
    stamp = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")
    bits = (
        (stamp << 80)
        | (0x7 << 76)
        | ((chance >> 4) & (0xFFF << 64))
        | (0b10 << 62)
        | (chance & ((1 << 62) - 1))
    )
    return f"{bits:032x}"
