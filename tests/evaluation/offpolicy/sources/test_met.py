from equipoise.evaluation.offpolicy.sources.met import Met
from equipoise.random import derive


def test_ids_met_before_are_known_in_any_order() -> None:
    rng, met, known = derive(1, "ids"), Met(), set[int]()
    for _ in range(60):
        ids = rng.integers(2_000, size=int(rng.integers(0, 90)))
        expected = []
        for one in ids.tolist():
            expected.append(one in known)
            known.add(one)
        assert met.add(ids).tolist() == expected
    assert sum(map(len, met.runs)) == len(known)
    assert len(met.runs) <= 12
