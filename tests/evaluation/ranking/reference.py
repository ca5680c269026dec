"""The metrics once more, in plain Python, one user and item at a time, straight from their definitions."""

from math import log, log2, sqrt

Row = list[int]


def cosine(one: list[float], other: list[float]) -> float:
    lengths = sqrt(sum(x * x for x in one)) * sqrt(sum(y * y for y in other))
    return sum(x * y for x, y in zip(one, other, strict=True)) / lengths if lengths else 0.0


def mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def accuracy(shown: Row, targets: dict[int, float], k: int) -> dict[str, float]:
    hits = [item in targets for item in shown]
    first = [1 / rank for rank, hit in enumerate(hits, 1) if hit]
    gains = [1 / log2(rank + 1) for rank, hit in enumerate(hits, 1) if hit]
    perfect = [1 / log2(rank + 1) for rank in range(1, min(k, len(targets)) + 1)]
    precisions = [hits[:rank].count(True) / rank for rank, hit in enumerate(hits, 1) if hit]
    return {
        "recall": sum(hits) / len(targets),
        "precision": sum(hits) / k,
        "hr": float(any(hits)),
        "mrr": first[0] if first else 0.0,
        "ndcg": sum(gains) / sum(perfect),
        "map": sum(precisions) / min(len(targets), k),
        "revenue": sum(targets.get(item, 0.0) for item in shown),
    }


def auc(scores: list[float], targets: Row, left_out: set[int]) -> float:
    others = [item for item in range(len(scores)) if item not in targets and item not in left_out]
    if not others:
        return 0.5
    pairs = 0.0
    for target in targets:
        if target < len(scores) and target not in left_out:
            mine = scores[target]
            pairs += sum((scores[other] < mine) + 0.5 * (scores[other] == mine) for other in others)
    return pairs / (len(targets) * len(others))


def popularity(shown: Row, met_by: Row, n_users: int) -> dict[str, float]:
    return {
        "novelty": mean([log2(n_users / max(met_by[item], 1)) for item in shown]),
        "popularity": mean([float(met_by[item]) for item in shown]),
    }


def likeness(
    shown: Row, targets: dict[int, float], history: set[int], vectors: list[list[float]], k: int
) -> dict[str, float]:
    def surprise(item: int) -> float:
        return 1 - mean([cosine(vectors[item], vectors[other]) for other in sorted(history)])

    pairs = [(one, other) for place, one in enumerate(shown) for other in shown[:place]]
    return {
        "diversity": mean([1 - cosine(vectors[one], vectors[other]) for one, other in pairs]),
        "unexpectedness": mean([surprise(item) for item in shown]),
        "serendipity": sum(surprise(item) for item in shown if item in targets) / k,
    }


def miscalibration(shown: Row, history: set[int], belongs: list[list[float]]) -> float:
    def distribution(items: list[int]) -> list[float]:
        shares = [[x / (sum(belongs[item]) or 1) for x in belongs[item]] for item in items]
        totals = [sum(column) for column in zip(*shares, strict=True)] or [0.0] * len(belongs[0])
        return [x / (sum(totals) or 1) for x in totals]

    wanted, given = distribution(sorted(history)), distribution(shown)
    return sum(p * log(p / (0.99 * q + 0.01 * p)) for p, q in zip(wanted, given, strict=True) if p > 0)


def gini(lists: list[Row], n_items: int) -> float:
    """Half the relative mean difference, over the n - 1 that make one item taking all come to 1."""
    times = [sum(int(item in shown) for shown in lists) for item in range(n_items)]
    gaps = sum(abs(one - other) for one in times for other in times)
    return gaps / (2 * (n_items - 1) * sum(times)) if n_items > 1 and max(times) > 0 else 0.0
