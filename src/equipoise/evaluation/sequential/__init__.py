"""What a policy would earn over whole episodes, from steps that another policy chose."""

from equipoise.evaluation.sequential.doubly_robust import doubly_robust
from equipoise.evaluation.sequential.episodes import Episodes
from equipoise.evaluation.sequential.fitted_q import FittedQ
from equipoise.evaluation.sequential.importance import per_decision, weighted_per_decision
from equipoise.evaluation.sequential.value import Value

__all__ = ["Episodes", "FittedQ", "Value", "doubly_robust", "per_decision", "weighted_per_decision"]
