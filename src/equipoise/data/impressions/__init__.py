"""Impressions and what came of them: the tables that rankers learn from, and the data sets they are read
from.
"""

from equipoise.data.impressions.reading import read_rows
from equipoise.data.impressions.rows import RankingRows
from equipoise.data.impressions.schema import Schema
from equipoise.data.impressions.split import TimeParts, before_and_after, by_time
from equipoise.data.impressions.table import TableColumns

__all__ = ["RankingRows", "Schema", "TableColumns", "TimeParts", "before_and_after", "by_time", "read_rows"]
