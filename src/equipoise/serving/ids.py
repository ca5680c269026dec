"""Ids made here: 32 hexadecimal digits that sort by time (UUID version 7, RFC 9562)."""

import random
import time

# Its own stream, seeded by the system: asking the system for each id would hand the interpreter to
# other threads each time. Ids must be unique, not secret.
_chance = random.Random()


def new_id() -> str:
    """Return a fresh id; ids made later sort later, to the millisecond."""
    stamp = time.time_ns() // 1_000_000
    chance = _chance.getrandbits(80)
    bits = (
        (stamp << 80)
        | (0x7 << 76)
        | ((chance >> 4) & (0xFFF << 64))
        | (0b10 << 62)
        | (chance & ((1 << 62) - 1))
    )
    return f"{bits:032x}"
