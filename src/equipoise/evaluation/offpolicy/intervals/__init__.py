"""How sure an estimate is: one way a file."""

from equipoise.evaluation.offpolicy.intervals.asymptotic import AsymptoticSequence
from equipoise.evaluation.offpolicy.intervals.bernstein import EmpiricalBernstein
from equipoise.evaluation.offpolicy.intervals.betting import Betting
from equipoise.evaluation.offpolicy.intervals.bootstrap import Bootstrap
from equipoise.evaluation.offpolicy.intervals.normal import Normal

__all__ = ["AsymptoticSequence", "Betting", "Bootstrap", "EmpiricalBernstein", "Normal"]
