"""The whole HTTP contract, against the application in this process."""

from typing import Any


def test_a_slate(client: Any) -> None:
    answer = client.post("/v1/recommendations", json={"user_id": "u1", "k": 5})
    assert answer.status_code == 200, answer.text
    print(answer.json())
