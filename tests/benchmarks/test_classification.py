from pathlib import Path

from bakeoff_store import Run, Store, key
from classification_table import SEEDS, section


def test_sets_are_won_and_lost_only_where_it_is_sure() -> None:
    store = Store(Path())
    for seed in SEEDS:
        luck = 0.01 * (-1) ** seed
        for world, mine in (("clear", 0.1), ("unclear", 0.2), ("lost", 0.3)):
            _keep(store, world, "mine", mine + luck, seed)
            _keep(store, world, "theirs", 0.2, seed)
    _keep(store, "unfinished", "mine", 0.0, 0)
    rows = section(store)
    assert "| `mine` |  | 1 won, 1 lost | 0.2000 (3 sets) |" in rows
    assert "| `theirs` | 1 won, 1 lost |  | 0.2000 (3 sets) |" in rows


def _keep(store: Store, world: str, contestant: str, loss: float, seed: int) -> None:
    one = Run(
        world=world,
        contestant=contestant,
        setting="",
        rounds=100,
        seed=seed,
        regret=loss,
        reward=1.0 - loss,
        explored=0.0,
        seconds=0.0,
    )
    store.runs[key(one)] = one
