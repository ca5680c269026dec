"""Streams of randomness: every random choice takes a generator derived from a seed and a name.

There is no global seed. The same seed and keys give the same bits on every machine.
"""

from hashlib import blake2b

import numpy as np


def derive(seed: int, *keys: str | int) -> np.random.Generator:
    """Return the generator of the stream named by `keys` under `seed`, independent of all others."""
    name = "\x1f".join(str(key) for key in (seed, *keys)).encode()
    digest = blake2b(name, digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest, "little")))
