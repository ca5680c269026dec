"""Neural-linear: Thompson sampling on a Bayesian linear layer over a representation that is learnt.

Riquelme, Tucker and Snoek (2018), "Deep Bayesian bandits showdown". The representation is one hidden layer
beside the features themselves, so that it is linear at the least. As in `lin_thompson`, the posterior draws
are made when the policy learns, so that propensities are exact shares of them.
"""

from dataclasses import dataclass, replace

import numpy as np

from equipoise.data.feedback import LoggedFeedback
from equipoise.errors import BadInputError
from equipoise.policies.hidden_layer import HiddenLayer
from equipoise.policies.policy import Options, check_features, check_options, prior_of
from equipoise.policies.ridge import Ridge
from equipoise.policies.rows import Rows
from equipoise.policies.voting import Voters, Voting
from equipoise.random import derive
from equipoise.types import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuralLinear:
    """Show what is best in a posterior draw of the last layer, one of `draws` at random.

    The hidden layer has `width` units. After every `period` rows it takes `epochs` passes of Adam over the
    last `memory` rows, with the last layer held at its posterior mean; the sums of the last layer are then
    taken anew. `scale` multiplies the posterior deviations; `half_life`: impressions after which what was
    learnt counts half; `seed` names the streams of initial weights, order and draws.
    """

    width: int = 32
    draws: int = 32
    scale: float = 0.5
    learning_rate: float = 0.001
    period: int = 500
    epochs: int = 2
    memory: int = 10_000
    half_life: float = 100_000.0
    seed: int = 0

    def __post_init__(self) -> None:
        counts = self.width, self.draws, self.period, self.epochs, self.memory
        if not (min(counts) >= 1 and min(self.scale, self.learning_rate, self.half_life) > 0.0):
            raise BadInputError("neural_linear", "needs whole numbers >= 1 and the other settings > 0")

    def start(self, n_features: int, prior_mean: Floats | None = None) -> "NeuralLinearPolicy":
        """Return the policy that starts from `prior_mean` (d,), in reward units, for the features."""
        mean = np.append(prior_of(n_features, prior_mean), np.zeros(self.width))
        policy = NeuralLinearPolicy(
            config=self,
            layer=HiddenLayer.random(n_features, self.width, derive(self.seed, "neural_linear", "layer")),
            ridge=Ridge.prior(n_features + self.width, mean, half_life=self.half_life),
            rows=Rows.none(n_features),
            waiting=0,
            updates=0,
            draws=np.zeros((n_features + self.width, self.draws)),
        )
        return policy.drawn()


@dataclass(frozen=True, slots=True, kw_only=True)
class NeuralLinearPolicy(Voting):
    """The policy of `NeuralLinear` after `updates` updates.

    `ridge` is the last layer over `layer`, `rows` what both learn from, and `draws` (d + width, draws) its
    posterior draws. `waiting` rows came since the layer was trained.
    """

    config: NeuralLinear
    layer: HiddenLayer
    ridge: Ridge
    rows: Rows
    waiting: int
    updates: int
    draws: Floats

    def voters(self) -> Voters:
        """Return the draws."""
        return Voters(self.ridge.believed.mean, self.draws)

    def represented(self, options: Options) -> Floats:
        """Return the representation of the candidates."""
        check_options(options, len(self.layer.sizes))
        return self.layer.represent(options.features)

    def update(self, feedback: LoggedFeedback) -> "NeuralLinearPolicy":
        """Return the policy after `feedback`, with fresh draws."""
        if len(feedback) == 0:
            return self
        check_features(feedback, len(self.layer.sizes))
        exposure = self.ridge.attention.exposure(feedback)
        learnt = replace(
            self,
            ridge=self.ridge.learn(replace(feedback, features=self.layer.represent(feedback.features))),
            rows=self.rows.add(feedback.features, exposure, feedback.rewards, size=self.config.memory),
            waiting=self.waiting + len(feedback),
            updates=self.updates + 1,
        )
        return (learnt.trained() if learnt.waiting >= self.config.period else learnt).drawn()

    def trained(self) -> "NeuralLinearPolicy":
        """Return the policy with its layer trained on the rows, and the last layer's sums taken anew."""
        rows, unit = self.rows, np.sqrt(self.ridge.noise)
        rng = derive(self.config.seed, "neural_linear", "order", self.updates)
        layer, last = replace(self.layer, sizes=_sizes(rows)), self.ridge.believed.mean / unit
        for _ in range(self.config.epochs):
            layer = layer.trained(
                rows.features,
                rows.exposure,
                rows.rewards / unit,
                last,
                learning_rate=self.config.learning_rate,
                rng=rng,
            )
        sums = replace(rows, features=layer.represent(rows.features)).sums()
        return replace(self, layer=layer, ridge=self.ridge.resting_on(sums), waiting=0)

    def drawn(self) -> "NeuralLinearPolicy":
        """Return the policy with the draws of this update."""
        rng = derive(self.config.seed, "neural_linear", "draws", self.updates)
        return replace(self, draws=self.ridge.believed.draws(self.config.draws, self.config.scale, rng))


def _sizes(rows: Rows) -> Floats:
    """Return the root mean square of each feature where it is not 0, (d,); 1 where it always is."""
    there = np.maximum((rows.features != 0.0).sum(axis=0), 1)
    squares = (rows.features**2).sum(axis=0)
    return np.where(squares > 0.0, np.sqrt(squares / there), 1.0)
