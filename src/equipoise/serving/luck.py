"""Chance that anyone can compute again: a number in [0, 1) from names alone."""

from hashlib import blake2b


def luck(seed: int, *names: str) -> float:
    """Return the number of `names` under `seed`; over many names it is uniform."""
    name = "\x1f".join((str(seed), *names)).encode()
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big") / 2**64
