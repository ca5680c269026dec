from rich.console import Console
from rich.table import Table

from equipoise.data.prepare import prepare
from equipoise.events.sqlite import SQLiteLog
from equipoise.models import Popularity
from equipoise.training.fit import judge
from equipoise.training.tables import model_table, split_table


def printed(table: Table) -> str:
    console = Console(width=80)
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_a_person_can_read_them_in_eighty_columns(shop_log: SQLiteLog) -> None:
    judged = judge(prepare(shop_log).interactions, {"popularity": Popularity()}, days=2.0, seed=7)
    split, models = printed(split_table(judged.split)), printed(model_table(judged.rows()))
    assert "2020-09-18" in split
    assert "0 users came only after the split" in split
    assert "popularity" in models
    assert f"{judged.rows()[0]['metrics']['ndcg@10']:.4f}" in models
    assert "…" not in split + models
