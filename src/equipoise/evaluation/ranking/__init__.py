"""How good a ranking is: every item is ranked for every user, and compared with what the user met next.

One file holds a family of metrics, each a function of `Lists`; `metrics.py` is their registry.
"""

from equipoise.evaluation.ranking.about import About
from equipoise.evaluation.ranking.compare import Comparison, compare_rankings
from equipoise.evaluation.ranking.evaluate import evaluate_ranking, measure
from equipoise.evaluation.ranking.figures import Ranking
from equipoise.evaluation.ranking.lists import Lists

__all__ = ["About", "Comparison", "Lists", "Ranking", "compare_rankings", "evaluate_ranking", "measure"]
