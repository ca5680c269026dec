import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import ConfigError


@contextmanager
def served(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "equipoise", "serve", "--port", "0", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline().split()[2]
        finally:
            process.kill()


def get(address: str, path: str) -> dict[str, object]:
    with urllib.request.urlopen(address + path) as answer:
        told: dict[str, object] = json.load(answer)
        return told


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_at_once_and_ends_cleanly(trained: Path, how: signal.Signals) -> None:
    with served(trained) as (process, address):
        assert get(address, "/health/ready")["status"] == "ready"
        process.send_signal(how)
        _, lines = process.communicate(timeout=20)
    assert process.returncode == 0
    assert all(json.loads(line)["event"] for line in lines.splitlines())


def test_a_client_that_never_finishes_does_not_keep_it_from_ending(trained: Path) -> None:
    with served(trained) as (process, address):
        host, port = address.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(
                b"POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            )
            client.sendall(b"content-length: 100\r\n\r\n{")
            process.terminate()
            process.communicate(timeout=20)
    assert process.returncode == 0


def test_before_training_it_lives_and_says_that_it_is_not_ready(folder: Path) -> None:
    with served(folder) as (_, address):
        assert get(address, "/health/live")["status"] == "live"
        with pytest.raises(urllib.error.HTTPError) as refusal:
            get(address, "/health/ready")
        with refusal.value as answer:
            assert answer.code == 503
            assert "equipoise train" in json.load(answer)["detail"]


def test_an_open_address_without_keys_is_one_line(folder: Path, run: Any) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "equipoise", "serve", "--host", "0.0.0.0"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": "200"},
    )
    assert result.returncode == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: server.host: 0.0.0.0 is reachable from other machines")


def test_a_taken_port_is_named(folder: Path, run: Any) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(ConfigError, match="set another port"),
    ):
        run("serve", "--port", str(taken.getsockname()[1]))


def test_a_port_out_of_range_is_named(folder: Path, run: Any) -> None:
    with pytest.raises(ConfigError) as refusal:
        run("serve", "--port", "70000")
    assert refusal.value.field == "--port"
