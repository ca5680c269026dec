"""Where commands write: results to the one, errors to the other."""

from rich.console import Console

console = Console()
errors = Console(stderr=True)
