"""One command, run by several processes: `torchrun --nproc-per-node 2 -m equipoise train ...`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from equipoise.cli.console import console
from equipoise.errors import MissingExtraError


@contextmanager
def joined() -> Iterator[bool]:
    """Join the processes that `torchrun` started, if it did; yield whether this is the first or only one.

    The others print nothing but errors. On GPUs they speak by NCCL, one GPU each, and by Gloo otherwise.
    """
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield True
        return
    try:
        import torch
        from torch import distributed
    except ModuleNotFoundError as error:
        raise MissingExtraError("deep", "training with several processes") from error
    if torch.cuda.is_available():
        torch.cuda.set_device(int(os.environ.get("LOCAL_RANK", "0")))
    distributed.init_process_group("nccl" if torch.cuda.is_available() else "gloo")
    first = distributed.get_rank() == 0
    console.quiet = not first
    try:
        yield first
    finally:
        distributed.destroy_process_group()
