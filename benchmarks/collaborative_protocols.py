"""What is asked in each comparison, and what others have published under the same protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """`shown` metrics on the set at `path`, split by `split`; `about` says in words what models may see.

    `published` are rows of (who, figures in the order of `shown`), recalled from papers and leaderboards.
    `aims` are what was set out for, in the order of `shown`; `note` says in words what to think of it.
    """

    name: str
    title: str
    path: str
    split: str
    ks: tuple[int, ...]
    shown: tuple[str, ...]
    about: str
    exclude_seen: bool = True
    published: tuple[tuple[str, tuple[str, ...]], ...] = ()
    aims: tuple[float, ...] = ()
    note: str = ""


_LAST = (
    "Leave-one-out: the last item of each user is asked for, given all before it; models are fitted without "
    "the last two. All items are ranked, seen ones excluded."
)
_SESSIONS = (
    "The given prefixes are asked for the next item; models are fitted on the given sessions. All items are "
    "ranked, seen ones too."
)
_DAYS = (
    "The last 28 days are asked for, given all before them, of users who were there before. All items are "
    "ranked, "
)
_ALL = (
    Protocol(
        name="gowalla",
        title="Gowalla, check-ins",
        path="gowalla",
        split="given",
        ks=(20,),
        shown=("recall@20", "ndcg@20"),
        about="The given split of LightGCN. All items are ranked, those in training excluded. A `decay` "
        "reads the order of the lines in the training file; the published models do not.",
        published=(
            ("LightGCN, on its leaderboard the best of its kind", (".1872", ".1580")),
            ("BSPM", (".1920", ".1597")),
        ),
        aims=(0.192, 0.160),
        note="A `decay` reads the order of the lines, which published models do not look at; without it the "
        "aim is missed, by as much as the row of `blend` tells.",
    ),
    Protocol(
        name="beauty",
        title="Amazon Beauty",
        path="amazon/Beauty.txt",
        split="leave-last-out",
        ks=(10,),
        shown=("hr@10", "ndcg@10"),
        about=_LAST,
        published=(("deep sequence models", (".0928", ".0531")),),
        aims=(0.080, 0.047),
    ),
    Protocol(
        name="sports",
        title="Amazon Sports and Outdoors",
        path="amazon/Sports_and_Outdoors.txt",
        split="leave-last-out",
        ks=(10,),
        shown=("hr@10", "ndcg@10"),
        about=_LAST,
        published=(("deep sequence models", (".0569", ".0323")),),
    ),
    Protocol(
        name="diginetica",
        title="Diginetica, sessions of a shop",
        path="diginetica-sessions",
        split="given",
        ks=(20,),
        shown=("hr@20", "mrr@20"),
        about=_SESSIONS,
        exclude_seen=False,
        published=(("deep session models", (".5422", ".1904")),),
        aims=(0.53, 0.189),
    ),
    Protocol(
        name="retailrocket",
        title="RetailRocket, sessions of a shop",
        path="retailrocket-sessions",
        split="given",
        ks=(20,),
        shown=("hr@20", "mrr@20"),
        about=_SESSIONS,
        exclude_seen=False,
        published=(("deep session models", (".5617", ".2997")),),
        aims=(0.58, 0.29),
    ),
    Protocol(
        name="movielens-1m-time",
        title="MovieLens-1M by time, ratings of 4 and 5",
        path="movielens-1m-time",
        split="given",
        ks=(10,),
        shown=("recall@10", "ndcg@10", "coverage@10"),
        about="The given parts by time: fitted on the first two, asked for the last. All items are ranked.",
    ),
    Protocol(
        name="online-retail",
        title="Online Retail, orders of a gift shop",
        path="online-retail",
        split="time",
        ks=(10,),
        shown=("recall@10", "ndcg@10", "coverage@10", "revenue@10"),
        about=_DAYS + "seen ones excluded. Revenue is in GBP a user.",
    ),
    Protocol(
        name="complete-journey",
        title="The Complete Journey, groceries, new to the household",
        path="complete-journey",
        split="time",
        ks=(10,),
        shown=("recall@10", "ndcg@10", "coverage@10", "revenue@10"),
        about=_DAYS + "seen ones excluded. Revenue is in USD a household.",
    ),
    Protocol(
        name="complete-journey-again",
        title="The Complete Journey, groceries, with repeats",
        path="complete-journey",
        split="time",
        ks=(10,),
        shown=("recall@10", "ndcg@10", "coverage@10", "revenue@10"),
        about=_DAYS + "seen ones too. Revenue is in USD a household.",
        exclude_seen=False,
    ),
)
PROTOCOLS: Mapping[str, Protocol] = MappingProxyType({each.name: each for each in _ALL})
