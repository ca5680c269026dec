"""Looking ahead in the loop: a trained shop, `balanced`, regulars who come again or do not, and no network.

    python benchmarks/looking_ahead.py --folder equipoise-data --shoppers 400 --judged 800 --weights 0,0.5

`--folder` is one in which `equipoise demo --long-term` was run, so that models, shoppers and log are there.
`--shoppers` live their 30 days with `balanced`, which learns; a tenth of the slates are at random, so that
the log covers more than it likes. From that log alone long-term values are learnt, by the code of `equipoise
rl train`. Then `--judged` others live with each weight; policies go on from the same belief, and learn.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from equipoise.balance.registry import named
from equipoise.data.catalogue import Catalogue
from equipoise.data.interactions import DAY
from equipoise.data.prepare import prepare
from equipoise.data.rewards import RewardWeights
from equipoise.data.situation import KINDS, Row, Situation
from equipoise.data.trajectories import Trajectories
from equipoise.demo.ahead import REGULARS
from equipoise.demo.world import WORLD, World
from equipoise.events.facts import Choice, Decision, Event, Fact
from equipoise.events.sqlite import SQLiteLog
from equipoise.policies.policy import NOTHING, Slates, taught
from equipoise.random import derive
from equipoise.recommenders.long_term import LongTerm
from equipoise.recommenders.published import Published
from equipoise.recommenders.recommender import Batch, Recommender, Request
from equipoise.serving.opening import PUBLISHED
from equipoise.simulation.impressions import impressions
from equipoise.simulation.sessions.crowd import Crowd
from equipoise.simulation.sessions.rules import SessionRules
from equipoise.simulation.sessions.school import teach_from
from equipoise.simulation.sessions.shop import SessionShop
from equipoise.store import ArtifactStore
from equipoise.training.long_term import from_log, terms_of
from equipoise.training.steps import experience
from equipoise.types import Floats, Ints

K, AT_ONCE, MOST, START = 10, 50, 50, 1_800_000_000_000_000


class Shopper:
    """One regular: what they will do, and what the shop knows of them."""

    def __init__(self, shop: SessionShop, number: int, seed: int) -> None:
        rng = derive(seed, "regular", number)
        self.crowd = Crowd(shop=shop, rules=SessionRules(), rng=rng, n=1, m=K, k=K)
        self.number, self.visit, self.slates, self.earned = number, 0, 0, 0.0
        self.rows: list[Row] = []
        self.here: list[Row] = []
        self.over = False

    def now(self) -> int:
        """Return the time in microseconds: each day is one, each slate a minute."""
        return START + int(self.crowd.day[0]) * DAY + int(self.crowd.slate[0]) * 60_000_000

    def asked(self) -> Request:
        """Return the request for the next slate."""
        situation = Situation.of(self.rows, self.here, now=self.now(), most=MOST)
        return Request(history=situation.items, now=START, situation=situation)

    def meet(self, codes: Ints, worlds: Ints) -> Floats:
        """Show the items; return what each position earned, (k,)."""
        time = self.now()
        self.crowd.candidates[0, : len(worlds)] = np.maximum(worlds, 0)
        outcome = self.crowd.step(np.where(worlds >= 0, np.arange(K), NOTHING)[None, :])
        if (place := int(outcome.clicked[0])) >= 0:
            for kind, so in (("click", 1), ("cart", outcome.carted[0]), ("purchase", outcome.bought[0])):
                if so:
                    self.here.append((time + 1 + KINDS[kind], int(codes[place]), KINDS[kind]))
            self.rows = self.rows + [row for row in self.here if row not in self.rows]
        self.slates += 1
        self.earned += float(outcome.rewards.sum())
        if outcome.left[0]:
            self.visit, self.here = self.visit + 1, []
        self.over = bool(outcome.done[0])
        return np.asarray(outcome.rewards[0])


class Shop:
    """The published shop, its catalogue, and the codes by which its regulars know the items."""

    def __init__(self, folder: Path) -> None:
        store = ArtifactStore(folder=folder / "artifacts")
        published = store.load(PUBLISHED, Published)
        self.recommender: Recommender = replace(published.recommender, newcomers=0.0)
        self.people, world = store.load(REGULARS, SessionShop), store.load(WORLD, World)
        with SQLiteLog(folder / "log.db") as log:
            self.prepared = prepare(log)
        self.catalogue: Catalogue = self.prepared.catalogue
        self.worlds = world.codes(self.prepared.vocabulary.ids)

    def lived(
        self, recommender: Recommender, numbers: Sequence[int], seed: int, *, random: float = 0.0
    ) -> tuple[Recommender, list[Shopper], list[Fact]]:
        """Let the shoppers live to their last day, `AT_ONCE` of them at a time."""
        waiting = [Shopper(self.people, number, seed) for number in numbers]
        done: list[Shopper] = []
        facts: list[Fact] = []
        rng, uniform = derive(seed, "choices"), named("uniform").start(1)
        present: list[Shopper] = []
        while waiting or present:
            present += [waiting.pop() for _ in range(min(AT_ONCE - len(present), len(waiting)))]
            batch = recommender.options([one.asked() for one in present], self.catalogue)
            chooser = recommender.chooser(batch.options, self.catalogue, ahead=batch.ahead)
            slates, other = (p.decide(batch.options, K, rng=rng) for p in (chooser, uniform))
            lucky = rng.random(len(present)) < random
            slates = replace(slates, actions=np.where(lucky[:, None], other.actions, slates.actions))
            earned = np.stack([self._met(one, row, batch, slates, facts) for row, one in enumerate(present)])
            feedback = impressions(batch.options, slates, earned)
            recommender = replace(recommender, policy=taught(recommender.policy, feedback))
            done += [one for one in present if one.over]
            present = [one for one in present if not one.over]
        return recommender, done, facts

    def _met(self, one: Shopper, row: int, batch: Batch, slates: Slates, facts: list[Fact]) -> Floats:
        codes = batch.options.items[row, slates.actions[row]]
        time, name, visit = one.now(), f"{one.number}-{one.slates}", one.visit
        known = set(one.here)
        earned = one.meet(codes, self.worlds[codes])
        facts.append(self._decision(batch, row, codes, slates, one.number, visit, name, time))
        fresh = [each for each in (one.here or one.rows[-3:]) if each not in known and each[0] > time]
        facts += [self._event(each, one.number, visit, name) for each in fresh]
        return earned

    def _decision(
        self, batch: Batch, row: int, codes: Ints, slates: Slates, who: int, visit: int, name: str, time: int
    ) -> Decision:
        ids, there = self.prepared.vocabulary.ids, batch.options.items[row] != NOTHING
        chances = slates.propensities[row].tolist()
        slate = [
            Choice(item_id=ids[code], position=at, score=0.0, propensity=p, explored=False, source="")
            for at, (code, p) in enumerate(zip(codes.tolist(), chances, strict=True))
        ]
        return Decision(
            recommendation_id=name,
            user_id=f"u{who}",
            session_id=f"u{who}-{visit}",
            surface="home",
            timestamp=time,
            policy="balanced",
            policy_version=1,
            variant="policy",
            candidates=tuple(ids[code] for code in batch.options.items[row, there].tolist()),
            scores=batch.options.scores[row, there],
            features_version="",
            slate=tuple(slate),
            exploration=0.0,
            reason="",
        )

    def _event(self, row: Row, who: int, visit: int, name: str) -> Event:
        kinds = {code: kind for kind, code in KINDS.items()}
        return Event(
            event_id=f"{name}-{row[2]}",
            event_type=kinds[row[2]],  # type: ignore[arg-type]
            timestamp=row[0],
            user_id=f"u{who}",
            session_id=f"u{who}-{visit}",
            item_id=self.prepared.vocabulary.ids[row[1]],
            recommendation_id=name,
        )

    def learnt(self, facts: Sequence[Fact], updates: int, seed: int, learner: str) -> LongTerm:
        """Return the long-term values that `facts` alone teach."""
        terms, vocabulary = terms_of(self.prepared, seed=seed), self.prepared.vocabulary
        read = Trajectories(encode=lambda item: vocabulary.codes[item], rewards=RewardWeights(), patience=0)
        read.add(enumerate(facts, 1))
        steps = experience(read.found(), terms, vocabulary)
        learns = from_log(learner, sizes=(32, 32))
        values = teach_from(steps, learns, updates=updates, n_own=terms.n_own, rng=derive(seed, "values"))
        return LongTerm(
            terms=terms,
            values=values,
            vocabulary=vocabulary.ids,
            learner=learner,
            steps=len(steps),
            learned_until=len(facts),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("equipoise-data"))
    parser.add_argument("--shoppers", type=int, default=400)
    parser.add_argument("--judged", type=int, default=800)
    parser.add_argument("--weights", default="0,0.5")
    parser.add_argument("--updates", type=int, default=2_000)
    parser.add_argument("--learner", default="slate_q")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path, default=None)
    options = parser.parse_args()
    shop, n = Shop(options.folder), options.shoppers
    begun = shop.recommender
    policy = named("balanced").start(len(begun.features), begun.prior_mean)
    begun, first, facts = shop.lived(replace(begun, policy=policy), range(n), options.seed, random=0.1)
    long_term = shop.learnt(facts, options.updates, options.seed, options.learner)
    told: dict[str, Any] = {"log": _told(first), "steps": long_term.steps, "weights": {}}
    print(told, flush=True)
    plain: Floats | None = None
    for weight in map(float, options.weights.split(",")):
        ahead = replace(begun, long_term=long_term, looks_ahead=weight)
        lived = sorted(
            shop.lived(ahead, range(n, n + options.judged), options.seed)[1], key=lambda one: one.number
        )
        returns = np.array([one.earned for one in lived])
        plain = returns if plain is None else plain
        told["weights"][weight] = {**_told(lived), "more_than_first": _interval(returns - plain)}
        print(weight, told["weights"][weight], flush=True)
        if options.json is not None:
            settings = {k: v for k, v in vars(options).items() if k not in ("folder", "json", "weights")}
            options.json.write_text(json.dumps({**settings, **told}, indent=1))


def _told(lived: Sequence[Shopper]) -> dict[str, Any]:
    earned = np.array([one.earned for one in lived])
    slates = sum(one.slates for one in lived)
    return {"return": _interval(earned), "slates": slates / len(lived), "shoppers": len(lived)}


def _interval(values: Floats) -> dict[str, float]:
    mean, reach = float(values.mean()), float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values))
    return {"mean": mean, "low": mean - reach, "high": mean + reach}


if __name__ == "__main__":
    main()
