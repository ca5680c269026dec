"""The README's HTTP calls, run as they stand against a live server."""

import json
import re
import subprocess
from pathlib import Path

from equipoise.serving.settings import Settings

from .test_durability import Server

README = Path(__file__).parents[2] / "README.md"


def test_the_calls_of_the_readme_answer(trained: Settings) -> None:
    (calls,) = re.findall(r"^```sh\n(.*?)^```", README.read_text(), re.DOTALL | re.MULTILINE)
    server = Server(trained)
    try:
        script = calls.replace("localhost:8000", server.address.removeprefix("http://"))
        done = subprocess.run(["sh", "-e", "-c", script], capture_output=True, text=True, check=True)
    finally:
        server.kill()
    answers = [json.loads(line) for line in done.stdout.replace("}{", "}\n{").splitlines()]
    assert answers[0]["accepted"] == 1
    assert len(answers[1]["items"]) == 4
    assert answers[2] == {"accepted": 1, "duplicates": 0, "rejected": []}
