"""The Complete Journey (dunnhumby): a folder with transactions.parquet, and products.parquet beside it.

Rows without a positive quantity are no purchases and are left out. Prices are what was last paid for one.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from equipoise.data.content import text_of
from equipoise.data.dataset import Dataset, Order
from equipoise.data.foreign.coded import coded
from equipoise.data.foreign.columns import read_parquet
from equipoise.data.foreign.format import Format
from equipoise.data.item_content import ItemContent
from equipoise.data.vocabulary import Vocabulary

_TRANSACTIONS, _PRODUCTS = "transactions.parquet", "products.parquet"
_COLUMNS = ["household_id", "product_id", "quantity", "sales_value", "transaction_timestamp"]


def _recognises(data: str, columns: Mapping[str, str]) -> bool:
    return (Path(data) / _TRANSACTIONS).is_file()


def _read(data: str, columns: Mapping[str, str]) -> Dataset:
    folder = Path(data)
    whole = read_parquet(folder / _TRANSACTIONS, _COLUMNS)
    sheet = whole.where(whole.numbers("quantity") > 0)
    rows = coded(
        sheet.ids("household_id"),
        sheet.ids("product_id"),
        times=sheet.times("transaction_timestamp"),
        values=sheet.numbers("sales_value"),
    )
    made = rows.interactions
    each = (made.values / sheet.numbers("quantity")[rows.rows])[oldest_first := np.argsort(made.times)]
    prices = np.full(made.n_items, np.nan)
    prices[made.items[oldest_first]] = each
    products = folder / _PRODUCTS
    return Dataset(
        name=folder.resolve().name,
        interactions=made,
        users=rows.users,
        items=rows.items,
        order=Order.DATES,
        content=_content(products, rows.items) if products.exists() else None,
        prices=prices,
        currency="USD",
    )


def _content(path: Path, items: Vocabulary) -> ItemContent:
    sheet = read_parquet(path)
    told = zip(*(sheet.texts(name) for name in ("product_type", "brand", "department")), strict=True)
    texts = {
        str(item): text_of(kind, brand, (department,))
        for item, (kind, brand, department) in zip(sheet.ids("product_id").to_pylist(), told, strict=True)
    }
    return ItemContent.of_texts([texts.get(item, "") for item in items.ids])


FORMAT = Format(
    about="a folder with transactions.parquet of The Complete Journey", recognises=_recognises, read=_read
)
