"""The error tree: each error says in one line what is wrong and what to do next."""


class EquipoiseError(Exception):
    """Base of everything equipoise raises on purpose; the message is fit to be shown to a user."""


class BadInputError(EquipoiseError):
    """A value from outside cannot be used.

    `field` names the offending field or option, `reason` says what is wrong and how to mend it.
    """

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class ConfigError(BadInputError):
    """A setting is missing, unknown or out of range; `field` is its dotted name."""


class ArtifactError(EquipoiseError):
    """A saved artifact is absent, corrupt, foreign, or of another version."""


class LogError(EquipoiseError):
    """The event log cannot be opened, read or written; nothing was acknowledged."""


class MissingExtraError(EquipoiseError):
    """An optional dependency is needed; the message names the extra to install."""

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs an optional dependency: pip install 'equipoise[{extra}]'")
        self.extra = extra
