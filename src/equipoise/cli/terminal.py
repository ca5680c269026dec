"""Where commands write: results to the one, errors to the other. A `:factory:` in a name is no picture."""

from rich.console import Console

console = Console(emoji=False)
errors = Console(stderr=True, emoji=False)
