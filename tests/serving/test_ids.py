import time
import uuid

from equipoise.serving.ids import new_id


def test_ids_are_uuids_of_version_7_and_never_alike() -> None:
    ids = {new_id() for _ in range(10_000)}
    assert len(ids) == 10_000
    for one in list(ids)[:100]:
        parsed = uuid.UUID(one)
        assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)


def test_later_ids_sort_later() -> None:
    first = new_id()
    time.sleep(0.003)
    assert first < new_id()
