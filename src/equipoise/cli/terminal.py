"""Where commands write: results, wide tables, and errors. A `:factory:` in a name is no picture."""

from rich.console import Console

console = Console(emoji=False)
wide = Console(width=160, emoji=False)
errors = Console(stderr=True, emoji=False)
