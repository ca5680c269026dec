"""Value learners among shoppers: what follows their slates is learnt from, or written down."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from equipoise.data.experience import Experience
from equipoise.errors import BadInputError
from equipoise.models.reinforcement.value_learner import Pupil, ValueLearner
from equipoise.models.reinforcement.values import CandidateValues
from equipoise.policies.greedy import GreedyPolicy
from equipoise.policies.on_scores import Exploration
from equipoise.policies.policy import Options, Policy, taught
from equipoise.policies.sampler import SlotBySlot, Weigh, best_only
from equipoise.progress import report
from equipoise.simulation.impressions import impressions
from equipoise.simulation.sessions.crowd import ABOUT, Crowd
from equipoise.types import Floats

Keep = Callable[[CandidateValues], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """How a value learner is taught among shoppers.

    For `steps` slates in all; after each round of slates, one a shopper, come `updates` updates, the first
    once `warm_up` slates were shown. Every `keep_every` slates what is known is kept.
    """

    steps: int
    updates: int = 4
    warm_up: int = 2_000
    keep_every: int = 50_000

    def teach(
        self,
        crowd: Crowd,
        learner: ValueLearner,
        exploration: Exploration,
        *,
        rng: np.random.Generator,
        keep: Keep | None = None,
    ) -> CandidateValues:
        """Return what `learner` knows in the end; `keep` gets it now and then before, to save it.

        Where a loss is no number, `DivergedError` ends the lesson, and what was kept last stands.
        """
        if self.steps < 1:
            raise BadInputError("steps", f"must be at least 1, not {self.steps}")
        pupil, options = _beginner(crowd, learner, rng), crowd.options()
        values, kept = pupil.values(), 0
        for done in range(0, self.steps, crowd.n):
            policy = exploring(values, options, exploration, seen=float(done))
            step, options, _ = shown(crowd, policy, options, rng)
            pupil.see(step)
            if done + crowd.n >= self.warm_up:
                losses = [pupil.learn(rng) for _ in range(self.updates)]
                values = pupil.values()
                report("rl", min(done + crowd.n, self.steps), self.steps, f"loss {np.mean(losses):.3f}")
            if keep is not None and done + crowd.n - kept >= self.keep_every:
                keep(values)
                kept = done + crowd.n
        return values


def teach_from(
    log: Experience, learner: ValueLearner, *, updates: int, n_own: int, rng: np.random.Generator
) -> CandidateValues:
    """Return what `learner` knows after `updates` updates from a `log` alone."""
    if updates < 1 or len(log) == 0:
        raise BadInputError("updates", "must be at least 1, and the log must hold a step")
    pupil = learner.start(log, n_own=n_own, rng=rng)
    pupil.see(log)
    for done in range(updates):
        loss = pupil.learn(rng)
        report("rl", done + 1, updates, f"loss {loss:.3f}")
    return pupil.values()


def exploring(values: CandidateValues, options: Options, exploration: Exploration, *, seen: float) -> Policy:
    """Return the policy that explores around `values`, which rest on `seen` slates."""
    candidates = np.full((len(options), 1), options.items.shape[1])
    return OnValues(values, exploration.exploring(candidates, seen, 1.0))


@dataclass(frozen=True, slots=True)
class OnValues(SlotBySlot):
    """The policy that shows what is worth most in the long term, explored as `weigh` says."""

    known: CandidateValues
    weigh: Weigh = best_only

    def weighing(self, options: Options) -> tuple[Floats, Weigh]:
        """Weigh the long-term values."""
        return self.known.scores(options.features), self.weigh


def shown(
    crowd: Crowd, policy: Policy, options: Options, rng: np.random.Generator
) -> tuple[Experience, Options, Policy]:
    """Show one slate to each of `crowd`; return what followed, the next requests, and the policy taught."""
    slates = policy.decide(options, crowd.k, rng=rng)
    outcome = crowd.step(slates.actions)
    following = crowd.options()
    step = Experience(
        items=options.items,
        features=options.features.astype(np.float32),
        places=slates.actions,
        propensities=slates.propensities,
        rewards=outcome.rewards,
        clicked=outcome.clicked,
        following_items=following.items,
        following=following.features.astype(np.float32),
        done=outcome.done,
        shoppers=np.arange(crowd.n),
    )
    return step, following, taught(policy, impressions(options, slates, outcome.rewards))


def written_down(
    crowd: Crowd, policy: Policy, *, steps: int, rng: np.random.Generator
) -> tuple[Experience, Policy]:
    """Return the log of `steps` slates that `policy` showed, learning as it went, and what it then is."""
    options, parts = crowd.options(), []
    for done in range(0, steps, crowd.n):
        part, options, policy = shown(crowd, policy, options, rng)
        parts.append(part)
        report("log", min(done + crowd.n, steps), steps)
    return Experience.joined(parts), policy


def returns(crowd: Crowd, policy: Policy, *, episodes: int, rng: np.random.Generator) -> Floats:
    """Return what at least `episodes` shoppers earned over all their days, undiscounted.

    Everyone who was in the crowd at some moment is followed to the end, so that short episodes, of whom
    more are over at any time, count no more than others.
    """
    earned, done, finished = np.zeros(crowd.n), np.zeros(crowd.n, np.int64), []
    rounds = -(-episodes // crowd.n)
    crowd.restart()
    options = crowd.options()
    while done.min() < rounds:
        outcome = crowd.step(policy.decide(options, crowd.k, rng=rng).actions)
        earned += outcome.rewards.sum(axis=1)
        over = (outcome.done == 1) & (done < rounds)
        finished.append(earned[over])
        done += outcome.done
        earned[outcome.done == 1] = 0.0
        options = crowd.options()
    return np.concatenate(finished)


def _beginner(crowd: Crowd, learner: ValueLearner, rng: np.random.Generator) -> Pupil:
    """Return a pupil fit for what is met in `crowd`."""
    example, _, _ = shown(crowd, GreedyPolicy(), crowd.options(), rng)
    return learner.start(example, n_own=crowd.n_features - len(ABOUT), rng=rng)
