"""How each table learns the tabular session: to within 2 % of the exact one, in seconds."""

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.models.reinforcement.q_learning import QLearning
from equipoise.models.reinforcement.sarsa import Sarsa
from equipoise.policies.epsilon_decaying import EpsilonDecaying
from equipoise.policies.epsilon_greedy import EpsilonGreedy
from equipoise.policies.on_scores import Exploration


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A `learner`, what explores meanwhile, and the `steps` that a session of four clusters takes."""

    learner: QLearning | Sarsa
    exploration: Exploration
    steps: int


LESSONS: Mapping[str, Lesson] = {
    # Whatever is shown, Q-learning learns what the best is worth: so everything is shown equally often.
    "q_learning": Lesson(
        learner=QLearning(fading=0.85), exploration=EpsilonGreedy(epsilon=1.0), steps=6_000_000
    ),
    # SARSA learns what its own exploring is worth, so that has to fade; were it to fade as fast as visits
    # grow, what is not shown as the best would soon not be met any more, and its old values would stay.
    "sarsa": Lesson(
        learner=Sarsa(fading=0.8), exploration=EpsilonDecaying(pace=100.0, fading=0.5), steps=64_000_000
    ),
}
