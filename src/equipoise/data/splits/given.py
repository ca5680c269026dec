"""Splits that came with the data: some of its rows, or questions asked beside it."""

from dataclasses import dataclass, field
from typing import Protocol

from equipoise.data.interactions import Interactions
from equipoise.data.split import HeldOut
from equipoise.data.splits.parts import Parts, Rule, cut
from equipoise.data.splits.sessions import NewSessions
from equipoise.data.splits.share import ShareOfEach
from equipoise.errors import BadInputError
from equipoise.types import Bools


class Given(Rule, Protocol):
    """A rule that was made for the rows of one data set."""

    def among(self, keep: Bools) -> "Given":
        """Return the rule for the rows of the mask `keep` (n,) alone."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenRows:
    """The rows of the mask `asked` (n,) are the test, and of the others those of `validates` validation.

    Where no rows validate, a share of each user's does. Rows that weigh at least `relevant` are answers.
    """

    asked: Bools
    validates: Bools | None = None
    relevant: float = 0.0

    @property
    def twin(self) -> Rule:
        """The rows that validate, among those that are left."""
        if self.validates is None:
            return ShareOfEach(relevant=self.relevant)
        return GivenRows(asked=self.validates[~self.asked], relevant=self.relevant)

    def among(self, keep: Bools) -> "GivenRows":
        """Return the rule for the rows of the mask `keep` (n,) alone."""
        validates = None if self.validates is None else self.validates[keep]
        return GivenRows(asked=self.asked[keep], validates=validates, relevant=self.relevant)

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

    def among(self, keep: Bools) -> "GivenQuestions":
        """Return the same questions: they are not of the rows."""
        return self

    def hold_out(self, data: Interactions) -> Parts:
        """Learn from everything."""
        return Parts(train=data, past=data, asked=self.asked)
