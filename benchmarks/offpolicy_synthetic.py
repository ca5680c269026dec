"""Logs whose truth is known: softmax policies over a random taste, clicks by a logistic one."""

from dataclasses import dataclass

import numpy as np

from equipoise.evaluation.offpolicy import LoggedActions, Target
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthetic:
    """`sharp` says how far the target is from the logging policy; 0 is the same. Contexts have 5 numbers."""

    n_actions: int = 10
    sharp: float = 1.0
    seed: int = 0

    def chances(self, contexts: Floats, sharp: float) -> Floats:
        """Return what a policy that likes what is liked, as far as `sharp`, does, (n, n_actions)."""
        scores = sharp * self._taste(contexts)
        heavy = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(heavy / heavy.sum(axis=1, keepdims=True))

    def rewards(self, contexts: Floats) -> Floats:
        """Return the expected reward of every action, (n, n_actions)."""
        return np.asarray(1.0 / (1.0 + np.exp(1.0 - self._taste(contexts) - 0.5 * self._other(contexts))))

    def drawn(self, rounds: int, rng: np.random.Generator) -> tuple[LoggedActions, Target]:
        """Return a log by a mild policy, and the target."""
        contexts = rng.normal(size=(rounds, 5))
        logging, target = self.chances(contexts, -0.5), self.chances(contexts, -0.5 + self.sharp)
        actions = (logging.cumsum(axis=1) < rng.random(rounds)[:, None]).sum(axis=1)
        actions, rows = np.minimum(actions, self.n_actions - 1), np.arange(rounds)
        log = LoggedActions(
            actions=actions,
            rewards=(rng.random(rounds) < self.rewards(contexts)[rows, actions]).astype(float),
            propensities=logging[rows, actions],
            n_actions=self.n_actions,
            contexts=contexts,
            logging=logging,
            reward_range=(0.0, 1.0),
        )
        return log, Target.of(target, log)

    def truth(self, rounds: int = 400_000) -> float:
        """Return what the target is worth, over fresh contexts."""
        contexts = np.random.default_rng([self.seed, 1]).normal(size=(rounds, 5))
        worth = self.chances(contexts, -0.5 + self.sharp) * self.rewards(contexts)
        return float(worth.sum(axis=1).mean())

    def model(self, log: LoggedActions, wrong: float) -> LoggedActions:
        """Return `log` with the true rewards as its predictions, drawn to their complement by `wrong`."""
        assert log.contexts is not None
        rewards = self.rewards(log.contexts)
        return log.with_predictions((1.0 - wrong) * rewards + wrong * (1.0 - rewards))

    def _taste(self, contexts: Floats) -> Floats:
        ways = np.random.default_rng([self.seed, 2]).normal(size=(5, self.n_actions))
        return np.asarray(contexts @ ways / np.sqrt(5))

    def _other(self, contexts: Floats) -> Floats:
        ways = np.random.default_rng([self.seed, 3]).normal(size=(5, self.n_actions))
        return np.asarray(contexts @ ways / np.sqrt(5))
