"""Settings: defaults, file, environment, and errors that name the setting."""

from pathlib import Path

import pytest

from equipoise.balance.objectives import ENGAGEMENT
from equipoise.data.rewards import RewardWeights
from equipoise.errors import ConfigError
from equipoise.serving.settings import Settings, load_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "equipoise.toml"
    path.write_text(text)
    return path


def test_nothing_told_is_the_defaults() -> None:
    assert load_settings(None, {}) == Settings()


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[server]\nport = 1\nhost = 'localhost'\n[learning.rewards]\nclick = 3.0\n")
    settings = load_settings(
        path, {"EQUIPOISE_SERVER_PORT": "9000", "EQUIPOISE_LEARNING_REWARDS_RETURN": "-2.5", "HOME": "/"}
    )
    assert (settings.server.port, settings.server.host) == (9000, "localhost")
    assert (settings.learning.rewards.click, settings.learning.rewards.returned) == (3.0, -2.5)


def test_lists_have_commas_between() -> None:
    told = {"EQUIPOISE_SERVER_READ_KEYS": "key-one-1, key-two-2", "EQUIPOISE_SERVER_WRITE_KEYS": "key-one-1,"}
    server = load_settings(None, told).server
    assert server.read_keys == ("key-one-1", "key-two-2")
    assert server.write_keys == ("key-one-1",)


def test_surfaces_are_a_list_and_limits_are_shares() -> None:
    told = {
        "EQUIPOISE_EXPLORATION_PROTECTED_SURFACES": "checkout, mail",
        "EQUIPOISE_EXPLORATION_SHARE": "0.1",
        "EQUIPOISE_EXPLORATION_ENABLED": "false",
        "EQUIPOISE_EXPLORATION_NEWCOMERS": "0.05",
    }
    exploration = load_settings(None, told).exploration
    assert (exploration.protected_surfaces, exploration.enabled) == (("checkout", "mail"), False)
    assert (exploration.budget(9).share, exploration.newcomers) == (0.1, 0.05)


def test_engagement_is_clicks_where_nothing_else_is_said(tmp_path: Path) -> None:
    assert Settings().objective.engages.weights == ENGAGEMENT
    path = written(tmp_path, "[objective.engages]\ncart = 2.0\n")
    engages = load_settings(path, {"EQUIPOISE_OBJECTIVE_FLOOR": "0.8"}).objective.objective(RewardWeights())
    assert (engages.floor, engages.engages.cart, engages.engages.click) == (0.8, 2.0, 1.0)


def test_an_empty_list_of_keys_is_none() -> None:
    told = {"EQUIPOISE_SERVER_READ_KEYS": "", "EQUIPOISE_SERVER_WRITE_KEYS": " , "}
    assert load_settings(None, told).server.read_keys == ()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("[server]\nport = 70000\n", "server.port"),
        ("[server]\nport = 'many'\n", "server.port"),
        ("[server]\npart = 1\n", "server"),
        ("[sever]\nport = 1\n", "settings"),
        ("[server]\nread_keys = ['long-enough']\n", "server"),
        ("[server]\nread_keys = ['short']\nwrite_keys = ['long-enough']\n", "server.read_keys[0]"),
        ("[learning]\nimpressions = 'guessed'\n", "learning.impressions"),
        ("[learning]\ninterval_seconds = 0\n", "learning.interval_seconds"),
        ("[exploration]\nshare = 1.1\n", "exploration.share"),
        ("[exploration]\nwindow = 0\n", "exploration.window"),
        ("[exploration]\nnewcomers = -0.1\n", "exploration.newcomers"),
        ("[exploration]\nprotected_surfaces = ['']\n", "exploration.protected_surfaces[0]"),
        ("[objective]\nreference = 'nobody'\n", "settings"),
        ("[objective]\nreference = 'policy'\n", "settings"),
        ("[objective]\nfloor = 1.5\n", "objective.floor"),
        ("[variants.a]\npolicy = 'uniform'\nshare = 0.4\n", "settings"),
        ("[variants.a]\npolicy = 'uniform'\nshare = 1.4\n", "variants[...].share"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, text: str, field: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        load_settings(written(tmp_path, text), {})
    assert refusal.value.field == field
    assert "\n" not in str(refusal.value)


def test_a_variable_that_is_no_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="EQUIPOISE_SERVER_PROT"):
        load_settings(None, {"EQUIPOISE_SERVER_PROT": "9000"})


def test_a_file_that_is_not_there_or_no_toml_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="equipoise init"):
        load_settings(tmp_path / "none.toml", {})
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_settings(written(tmp_path, "[server"), {})
