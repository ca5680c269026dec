import gc

from equipoise.events.facts import Choice


def test_the_garbage_collector_does_not_walk_the_slates_that_a_server_remembers() -> None:
    slate = [
        Choice(item_id=f"i{place}", position=place, score=0.5, propensity=0.25, explored=False, source="ease")
        for place in range(12)
    ]
    gc.collect()
    assert not any(gc.is_tracked(choice) for choice in slate)
