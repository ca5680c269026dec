"""Makes the packaged sample from the Online Retail table: every row, typed, in its order, compressed.

python scripts/make_online_retail_sample.py SOURCE.parquet src/equipoise/events/samples/online_retail.parquet
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

TYPES = {
    "InvoiceNo": pa.string(),
    "StockCode": pa.string(),
    "Description": pa.string(),
    "Quantity": pa.int32(),
    "InvoiceDate": pa.timestamp("ms"),
    "UnitPrice": pa.float64(),
    "CustomerID": pa.int32(),
    "Country": pa.string(),
}


def main(source: Path, target: Path) -> None:
    """Write `target` from `source`, unless that would change a value."""
    table = pq.read_table(source, columns=list(TYPES))
    typed = pa.table({name: pc.cast(table[name], kind) for name, kind in TYPES.items()})
    back = typed.cast(table.schema.remove_metadata())
    if not back.equals(table.replace_schema_metadata(None)):
        sys.exit("a value would change under the narrower types; look at the source")
    pq.write_table(
        typed,
        target,
        compression="zstd",
        compression_level=22,
        row_group_size=len(typed),
        data_page_size=1 << 24,
        dictionary_pagesize_limit=1 << 24,
        write_statistics=False,
        version="2.6",
        store_schema=True,
    )
    print(f"{len(typed):,} rows, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
