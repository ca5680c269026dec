"""How much may be explored: shares of impressions, overall, for each user, surface and position."""

from dataclasses import dataclass

from equipoise.errors import BadInputError

LONGEST = 100_000
"""Impressions of the longest window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The largest share of explored impressions among any `window` consecutive ones.

    `share` of all, and of those of one user, on one surface and at one position; 1 is no limit.
    On `protected_surfaces`, and at the first `protected_positions` of every slate, nothing is explored.
    The windows of the `users` met last are kept one by one.
    """

    share: float = 1.0
    per_user: float = 1.0
    per_surface: float = 1.0
    per_position: float = 1.0
    window: int = 1_000
    protected_surfaces: tuple[str, ...] = ("checkout",)
    protected_positions: int = 0
    users: int = 100_000

    def __post_init__(self) -> None:
        for name in ("share", "per_user", "per_surface", "per_position"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadInputError(name, f"must lie in [0, 1], not {getattr(self, name)}; 1 is no limit")
        if not 1 <= self.window <= LONGEST:
            raise BadInputError("window", f"must be 1 to {LONGEST:,} impressions, not {self.window}")
        if self.protected_positions < 0:
            raise BadInputError("protected_positions", f"must not be negative: {self.protected_positions}")
        if self.users < 1:
            raise BadInputError("users", f"must be at least 1, not {self.users}")
