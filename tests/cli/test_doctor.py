import json
import socket
from pathlib import Path
from typing import Any

import pytest

FREE = "[server]\nport = 0\n"


@pytest.fixture(autouse=True)
def _any_port(folder: Path) -> None:
    (folder / "equipoise.toml").write_text(FREE)


def found(folder: Path, run: Any) -> dict[str, dict[str, object]]:
    run("doctor", "--json", "found.json")
    told = json.loads((folder / "found.json").read_text())
    return {finding["check"]: finding for finding in told["findings"]}


def test_a_fresh_folder_is_fine_and_told_what_comes_next(folder: Path, run: Any) -> None:
    result = run("doctor")
    assert result.exit_code == 0
    assert "equipoise ingest" in result.output
    assert "equipoise train" in result.output


def test_a_trained_folder_is_described(trained: Path, run: Any) -> None:
    result = run("doctor")
    assert result.exit_code == 0, result.output
    assert "480 events" in result.output
    assert "of 30 items can be loaded" in result.output
    assert "ms to make a write durable" in result.output


def test_a_taken_port_fails(folder: Path, run: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        (folder / "equipoise.toml").write_text(f"[server]\nport = {taken.getsockname()[1]}\n")
        assert run("doctor").exit_code == 1
        assert not found(folder, run)["address"]["fine"]


def test_an_open_address_without_keys_fails(folder: Path, run: Any) -> None:
    (folder / "equipoise.toml").write_text("[server]\nport = 0\nhost = '0.0.0.0'\n")
    assert "server.read_keys" in str(found(folder, run)["address"]["told"])


def test_a_corrupt_log_fails(folder: Path, run: Any) -> None:
    (folder / "equipoise-data").mkdir()
    (folder / "equipoise-data" / "log.db").write_bytes(b"this is no database" * 100)
    assert run("doctor").exit_code == 1
    assert not found(folder, run)["log"]["fine"]


def test_a_corrupt_artifact_fails(trained: Path, run: Any) -> None:
    (trained / "equipoise-data" / "artifacts" / "shop" / "000001" / "arrays.safetensors").write_bytes(b"junk")
    assert run("doctor").exit_code == 1
    assert "checksum" in str(found(trained, run)["artifacts"]["told"])
