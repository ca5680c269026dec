"""Ways to hold data out: each rule says which rows are learned from, which are known, which are asked for."""

from equipoise.data.splits.given import Given, GivenQuestions, GivenRows
from equipoise.data.splits.items import HiddenItems, LateItems
from equipoise.data.splits.last import LeaveLastOut
from equipoise.data.splits.parts import Parts, Rule, cut
from equipoise.data.splits.sessions import NewSessions
from equipoise.data.splits.share import ShareOfEach
from equipoise.data.splits.time import LastDays
from equipoise.data.splits.users import NewUsers

__all__ = [
    "Given",
    "GivenQuestions",
    "GivenRows",
    "HiddenItems",
    "LastDays",
    "LateItems",
    "LeaveLastOut",
    "NewSessions",
    "NewUsers",
    "Parts",
    "Rule",
    "ShareOfEach",
    "cut",
]
