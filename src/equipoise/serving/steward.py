"""The steward: lets each slate explore what is left to explore, and keeps the books."""

from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

import numpy as np

from equipoise.balance.budget import Budget
from equipoise.balance.controller import Controller, Visit
from equipoise.balance.grant import Grant
from equipoise.balance.guardrail import GuardReading, Verdict
from equipoise.balance.ledger import Charge, Ledger
from equipoise.balance.reason import Reason
from equipoise.balance.spending import Spending
from equipoise.events.facts import Decision, Event
from equipoise.recommenders.recommender import Recommendation
from equipoise.serving.problem import Problem
from equipoise.serving.watch import NO_TRIAL, SECOND, Watch


def visitor_of(user_id: str | None, session_id: str | None) -> str | None:
    """Return whose budget a slate counts in: the user's, or the session's where no user is named."""
    return user_id if user_id is not None else session_id


class Switch:
    """The kill switch. That it is off is kept as a file, so that no restart turns it on again."""

    def __init__(self, path: Path, *, on: bool) -> None:
        self._path = path
        self.on = on and not path.exists()

    def turn(self, *, on: bool) -> None:
        """Switch at once; raise a 503 problem where a restart would not know of it."""
        self.on = on
        try:
            if on:
                self._path.unlink(missing_ok=True)
            else:
                self._path.touch()
        except OSError as error:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                f"exploration is {'on' if on else 'off'} until a restart, for {self._path} cannot be "
                f"changed ({error.strerror}); mend that and send it again",
            ) from error


@dataclass(frozen=True, slots=True)
class Permit:
    """What a slate may explore, who asked for it if that counts, and what the guardrail's coin said of it."""

    grant: Grant
    visit: Visit | None
    verdict: Verdict


class Steward:
    """Keeps the ledger in step with the log: a slate is held from decision to commit, then settled.

    Slates are settled in the order of the log, those of earlier runs too, so a restart begins with the
    windows as they stood. `watch` is None where there is no guardrail, `controller` where all requests are
    alike. Belongs to one thread.
    """

    def __init__(
        self, budget: Budget, switch: Switch, watch: Watch | None = None, controller: Controller | None = None
    ) -> None:
        self._ledger = Ledger(budget, enabled=switch.on)
        self._switch, self._watch, self.controller = switch, watch, controller
        self._held: dict[str, Charge] = {}

    def permit(
        self, recommendation_id: str, visitor: str, surface: str, k: int, *, visit: Visit | None, now: int
    ) -> Permit:
        """Return what a slate of `k` may explore now; nothing changes before it is held.

        `visit` is None where the policy does not learn: it is there to compare with, or to log, and what it
        draws is no experiment that could wait for a cheaper moment.
        """
        grant = self._ledger.grant(visitor, surface, k)
        if self.controller is not None and visit is not None and grant.positions > 0:
            grant = replace(grant, care=self.controller.care(visit, surface, now / SECOND))
        if self._watch is None or grant.positions == 0:
            return Permit(grant, visit, NO_TRIAL)
        verdict = self._watch.verdict(recommendation_id, now)
        return Permit(grant if verdict.explore else Grant.nothing(k, Reason.GUARDRAIL), visit, verdict)

    def hold(self, decision: Decision, slate: Recommendation, permit: Permit) -> None:
        """Count what `decision` explores and was refused; it is not in the log yet."""
        charge = Charge.of(_visitor(decision), decision.surface, slate.explored)
        self._held[decision.recommendation_id] = charge
        self._ledger.hold(charge)
        if self.controller is not None and permit.visit is not None:
            self.controller.met(permit.visit, slate.new)
        if self._watch is not None:
            self._watch.open(decision, permit.verdict)
        if slate.blamed is not None:
            self._ledger.refuse(slate.blamed, slate.refused)

    def release(self, decision: Decision) -> None:
        """Forget a decision that did not reach the log, so that nobody was shown it."""
        self._ledger.release(self._held.pop(decision.recommendation_id))
        if self._watch is not None:
            self._watch.drop(decision.recommendation_id)

    def happened(self, event: Event) -> None:
        """Count what `event` earned the slate it names."""
        if self._watch is not None:
            self._watch.happened(event)

    def settle(self, decision: Decision) -> None:
        """Count a decision that is in the log, held or not."""
        if self.controller is not None:
            self.controller.served(decision.surface, decision.timestamp / SECOND)
        charge = self._held.pop(decision.recommendation_id, None)
        if charge is not None:
            self._ledger.settle(charge)
        else:
            explored = np.array([choice.explored for choice in decision.slate], np.bool_)
            self._ledger.book(Charge.of(_visitor(decision), decision.surface, explored))

    def turn(self, *, on: bool) -> None:
        """Switch exploration from the next slate on."""
        self._ledger.enabled = on
        self._switch.turn(on=on)

    def state(self) -> Spending:
        """Return what is spent and was refused."""
        return self._ledger.state()

    @property
    def guard(self) -> GuardReading | None:
        """The guardrail's state, None where there is none."""
        return None if self._watch is None else self._watch.reading


def _visitor(decision: Decision) -> str:
    return visitor_of(decision.user_id, decision.session_id) or ""
