"""Settings: one commented TOML file, overridden by ``EQUIPOISE_…`` variables, checked when read."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from equipoise.balance.budget import LONGEST, Budget
from equipoise.balance.guardrail import Guardrail
from equipoise.data.rewards import RewardWeights
from equipoise.errors import ConfigError

Share = Annotated[float, Meta(ge=0.0, le=1.0)]
Positive = Annotated[int, Meta(ge=1)]
Surface = Annotated[str, Meta(min_length=1, max_length=64)]
Key = Annotated[str, Meta(min_length=8, pattern=r"^[!-~]+$")]


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; every field has a default."""


class Storage(Section, frozen=True):
    """Where things are kept, and whose code may read them: packages beside equipoise."""

    folder: str = "equipoise-data"
    trust: tuple[str, ...] = ()

    @property
    def log(self) -> Path:
        """The SQLite file of the event log."""
        return Path(self.folder) / "log.db"

    @property
    def artifacts(self) -> Path:
        """The folder of published recommenders and policies."""
        return Path(self.folder) / "artifacts"

    @property
    def checkpoints(self) -> Path:
        """The folder of trainings that are not finished."""
        return Path(self.folder) / "checkpoints"

    @property
    def gate(self) -> Path:
        """The file of the gate's records."""
        return Path(self.folder) / "gate.jsonl"

    @property
    def switch(self) -> Path:
        """The file that keeps exploration off through a restart, while it is there."""
        return Path(self.folder) / "exploration-is-off"


class Server(Section, frozen=True):
    """The HTTP server.

    A read key asks (slates, items, users, pages), a write key tells (events, items, marks); a key in
    both lists may do both. Without keys the server answers this machine alone.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    read_keys: tuple[Key, ...] = ()
    write_keys: tuple[Key, ...] = ()
    max_body_bytes: Positive = 2_000_000

    def __post_init__(self) -> None:
        if (not self.read_keys) != (not self.write_keys):
            raise ValueError("set both read_keys and write_keys, or neither; one key may be in both")


class Slate(Section, frozen=True):
    """How slates are made."""

    k: Annotated[int, Meta(ge=1, le=100)] = 12
    seed: int = 7
    surface: str = "home"


class Learning(Section, frozen=True):
    """How the policies learn while serving."""

    impressions: Literal["served", "reported"] = "served"
    interval_seconds: Annotated[float, Meta(gt=0.0, le=60.0)] = 0.25
    snapshot_seconds: Annotated[float, Meta(gt=0.0)] = 60.0
    rewards: RewardWeights = RewardWeights()


class Exploration(Section, frozen=True):
    """How much may be explored: the largest shares of impressions in any `window` of them.

    `newcomers` is no limit but a share that new arrivals get, within the limits.
    """

    enabled: bool = True
    share: Share = 1.0
    per_user: Share = 1.0
    per_surface: Share = 1.0
    per_position: Share = 1.0
    window: Annotated[int, Meta(ge=1, le=LONGEST)] = 1_000
    protected_surfaces: tuple[Surface, ...] = ("checkout",)
    protected_positions: Annotated[int, Meta(ge=0, le=100)] = 0
    newcomers: Share = 0.01
    loss: Annotated[float, Meta(gt=0.0, le=1.0)] = 1.0
    delta: Annotated[float, Meta(gt=0.0, le=0.5)] = 0.05
    largest_reward: Annotated[float, Meta(gt=0.0, le=1e9)] = 5.0
    reward_seconds: Annotated[float, Meta(ge=1.0, le=1e6)] = 1_800.0

    def budget(self, users: int) -> Budget:
        """Return the budget, which remembers so many `users` one by one."""
        return Budget(
            share=self.share,
            per_user=self.per_user,
            per_surface=self.per_surface,
            per_position=self.per_position,
            window=self.window,
            protected_surfaces=self.protected_surfaces,
            protected_positions=self.protected_positions,
            users=users,
        )

    @property
    def guardrail(self) -> Guardrail:
        """What exploring may cost."""
        return Guardrail(loss=self.loss, delta=self.delta, largest=self.largest_reward)


class Memory(Section, frozen=True):
    """What is remembered of each user and each session to make their next slate."""

    items: Positive = 50
    visitors: Positive = 200_000


class Variant(Section, frozen=True):
    """One arm of the experiment: a policy by name, and its share of the shoppers."""

    policy: str
    share: Share = 0.0


class Settings(Section, frozen=True):
    """Everything a shop can set; `equipoise init` writes them out with comments."""

    storage: Storage = Storage()
    server: Server = Server()
    slate: Slate = Slate()
    learning: Learning = Learning()
    exploration: Exploration = Exploration()
    memory: Memory = Memory()
    variants: dict[str, Variant] = msgspec.field(
        default_factory=lambda: {"policy": Variant(policy="balanced", share=1.0)}
    )

    def __post_init__(self) -> None:
        total = sum(variant.share for variant in self.variants.values())
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"the shares of the variants add up to {total:g}; they must add up to 1")


def load_settings(path: Path | None, environment: Mapping[str, str]) -> Settings:
    """Read `path` (defaults where it is None), then the overrides, and check the whole.

    EQUIPOISE_SERVER_PORT=9000 overrides `port` in `[server]`; lists are separated by commas. Variants
    are set in the file alone.
    """
    tree = _read(path) if path is not None else {}
    _refuse_unknown(environment, _override(tree, Settings, "EQUIPOISE_", environment))
    try:
        return msgspec.convert(tree, Settings, strict=False)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at ")
        raise ConfigError(where.strip("`").removeprefix("$.") or "settings", message) from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except OSError as error:
        raise ConfigError(str(path), f"{error.strerror}; `equipoise init` writes one") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(str(path), f"not valid TOML: {error}") from error


def _override(tree: dict[str, Any], kind: type, prefix: str, environment: Mapping[str, str]) -> set[str]:
    """Put variables into `tree`, which holds the fields of `kind`; return the names that mean something."""
    names: set[str] = set()
    for field in msgspec.structs.fields(kind):
        key, name = field.encode_name, f"{prefix}{field.encode_name.upper()}"
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            names |= _override(tree.setdefault(key, {}), field.type, f"{name}_", environment)
        elif key != "variants":
            names.add(name)
            if name in environment:
                listed = isinstance(field.default, tuple)
                tree[key] = _words(environment[name]) if listed else environment[name]
    return names


def _refuse_unknown(environment: Mapping[str, str], known: set[str]) -> None:
    sections = tuple(f"EQUIPOISE_{section.upper()}_" for section in Settings.__struct_fields__)
    for name in environment:
        if name.startswith(sections) and name not in known:
            raise ConfigError(name, "is no setting; `equipoise init` writes a file that names them all")


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]
