"""What a format of data sets is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from equipoise.data.dataset import Dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`recognises(data, columns)` says whether `read(data, columns)` can read it, by names and headers alone.

    `about` tells a person what it looks like; `mapped` formats take columns of other names.
    """

    about: str
    recognises: Callable[[str, Mapping[str, str]], bool]
    read: Callable[[str, Mapping[str, str]], Dataset]
    mapped: bool = False
