"""Splits that came with the data: some of its rows, or questions asked beside it."""

from dataclasses import dataclass, field

from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut
from equipoise.data.splits.parts import Parts, Rule, cut
from equipoise.data.splits.sessions import NewSessions
from equipoise.data.splits.share import ShareOfEach
from equipoise.errors import BadInputError
from equipoise.types import Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRows:
    """The rows of the mask `asked` (n,) are the test; `twin` holds validation out of the others.

    Only those that weigh at least `relevant` are answers.
    """

    asked: Bools
    relevant: float = 0.0
    twin: Rule = field(default_factory=ShareOfEach)

    def hold_out(self, data: Interactions) -> Parts:
        """Cut as given; raise `BadInputError` for other data than the mask was made for."""
        if len(data) != len(self.asked):
            raise BadInputError("--split", "given: the split is for other rows than these; leave out no rows")
        rest = ~self.asked
        return cut(data, train=rest, known=rest, asked=self.asked & (data.weights >= self.relevant))


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenQuestions:
    """The test is `asked` of people who are not in the data; `twin` holds validation out of the data."""

    asked: HeldOut
    twin: Rule = field(default_factory=NewSessions)

    def hold_out(self, data: Interactions) -> Parts:
        """Learn from everything."""
        return Parts(train=data, past=data, asked=self.asked)
