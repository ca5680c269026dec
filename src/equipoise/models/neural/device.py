"""Where a training computes: on the GPU where PyTorch sees one, on the processor otherwise."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import numpy as np
import torch


def device() -> torch.device:
    """Return this process's GPU, the first one unless `torchrun` says which, or the processor."""
    if torch.cuda.is_available():
        return torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
    return torch.device("cpu")


@contextmanager
def at_work(where: torch.device) -> Iterator[None]:
    """Make the tensors inside on `where`."""
    # The processor needs no telling, and telling costs some microseconds an operation.
    with nullcontext() if where.type == "cpu" else where:
        yield


def mixed(where: torch.device) -> AbstractContextManager[object]:
    """Return the context of a loss: bfloat16 products on a GPU, where they are faster; float32 elsewhere.

    Weights, their averages and the optimiser stay float32.
    """
    if where.type == "cuda":
        return torch.autocast("cuda", torch.bfloat16)
    return nullcontext()


@contextmanager
def seeded(rng: np.random.Generator) -> Iterator[None]:
    """Train inside on the GPU if there is one, with dropout from `rng`; PyTorch's own stream is left."""
    where = device()
    with torch.random.fork_rng([] if where.type == "cpu" else [where]), at_work(where):
        torch.manual_seed(int(rng.integers(2**62)))
        yield
