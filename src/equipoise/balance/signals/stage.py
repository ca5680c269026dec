"""How far a session has come: a shopper who decides is a worse subject than one who looks around."""

from enum import StrEnum


class Stage(StrEnum):
    """The stages of a session, from the first page to the till."""

    ARRIVING = "arriving"
    BROWSING = "browsing"
    DECIDING = "deciding"
    PAYING = "paying"


def stage_of(*, events: int, in_cart: int, surface: str, checkout: str = "checkout") -> Stage:
    """Return the stage of a session of so many `events`, with so many items `in_cart`, on `surface`."""
    if surface == checkout:
        return Stage.PAYING
    if in_cart > 0:
        return Stage.DECIDING
    return Stage.BROWSING if events > 0 else Stage.ARRIVING
