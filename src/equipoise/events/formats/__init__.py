"""Events in other people's files: each format turns the rows of a file into facts or says why not."""

from equipoise.events.formats.otto import read_otto
from equipoise.events.formats.rees46 import read_rees46
from equipoise.events.formats.row import Reader, Row
from equipoise.events.formats.tabular import read_events

FORMATS: dict[str, Reader] = {"rees46": read_rees46, "otto": read_otto}
"""Named foreign formats; `read_events` reads files with this project's own column names."""

__all__ = ["FORMATS", "Reader", "Row", "read_events", "read_otto", "read_rees46"]
