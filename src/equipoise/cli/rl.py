"""`equipoise rl`: the long-term value of what a shop may show."""

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer
from rich import box
from rich.table import Table

from equipoise.cli import rl_train
from equipoise.cli.console import JsonOption, console, progress_shown, write_json
from equipoise.errors import BadInputError
from equipoise.events.online_retail import read_online_retail
from equipoise.models.reinforcement.process import Process
from equipoise.models.reinforcement.q_table import QTable
from equipoise.policies.epsilon_greedy import EpsilonGreedy
from equipoise.random import derive
from equipoise.simulation.population import Population
from equipoise.simulation.sessions.clusters import Clusters
from equipoise.simulation.sessions.lessons import LESSONS, Lesson
from equipoise.simulation.sessions.picture import table_picture
from equipoise.simulation.sessions.table import SessionTable
from equipoise.simulation.sessions.walk import learn_table

app = typer.Typer(help="Long-term values: tables of Q, and values from the log.", no_args_is_help=True)
SHOPPERS = 4_000
"""At once: what a round of steps costs beside the steps is shared by them."""
_USUAL = ", ".join(f"{lesson.steps:,} for {name}" for name, lesson in LESSONS.items())


@app.callback()
def _group() -> None:
    """Long-term values: tables of Q, and values from the log."""


@app.command("table")
def command(
    learner: Annotated[str, typer.Option(help="q_learning or sarsa.")] = "q_learning",
    clusters: Annotated[int, typer.Option(min=2, max=20, help="Clusters of products.")] = 4,
    steps: Annotated[
        int | None,
        typer.Option(min=1, help=f"Steps to learn from; default: {_USUAL}, which suit four clusters."),
    ] = None,
    discount: Annotated[float, typer.Option(help="What the next step counts, in [0, 1).")] = 0.9,
    epsilon: Annotated[
        float | None,
        typer.Option(help="Fixed share of exploration; default: 1 for q_learning, for sarsa it fades."),
    ] = None,
    traces: Annotated[float, typer.Option(help="Decay of eligibility traces; 0 keeps none.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of the clusters, the shoppers and the exploration.")] = 0,
    plot: Annotated[Path | None, typer.Option(help="Also draw the table into this SVG file.")] = None,
    json: JsonOption = None,
) -> None:
    """Learn a table of Q in the tabular session of the packaged shop, and print it beside the exact one.

    Example: equipoise rl table --learner sarsa --plot q.svg
    """
    if plot is not None and plot.suffix.lower() != ".svg":
        raise BadInputError("--plot", f"pictures are drawn as SVG; call it {plot.stem}.svg")
    lesson = _lesson(learner, discount, traces, epsilon)
    process = SessionTable().process(_clusters(clusters, seed))
    with progress_shown():
        table = learn_table(
            process,
            lesson.learner,
            lesson.exploration,
            steps=lesson.steps if steps is None else steps,
            shoppers=SHOPPERS,
            rng=derive(seed, "rl", learner),
        )
    exact = process.solved(discount)
    _show(process, table, exact)
    if plot is not None:
        _write(plot, table_picture(process, table))
    if json is not None:
        write_json(json, _summary(process, table, exact))


app.command("train")(rl_train.command)


def _lesson(name: str, discount: float, traces: float, epsilon: float | None) -> Lesson:
    if name not in LESSONS:
        raise BadInputError("--learner", f"there is no {name!r}; choose one of {', '.join(LESSONS)}")
    lesson = LESSONS[name]
    learner = replace(lesson.learner, discount=discount, trace_decay=traces)
    exploration = lesson.exploration if epsilon is None else EpsilonGreedy(epsilon=epsilon)
    return replace(lesson, learner=learner, exploration=exploration)


def _clusters(n: int, seed: int) -> Clusters:
    with TemporaryDirectory() as folder:
        told = read_online_retail(Path(folder))
    people = Population.of(told.items, told.events, (), (), seed=seed)
    return Clusters.of(people.shoppers.tastes, people.orders, n, rng=derive(seed, "clusters"))


def _show(process: Process, table: QTable, exact: Any) -> None:
    """Print a row a state: Q by action, its visits below, the greedy one marked."""
    shown = Table("state", *process.actions, title="Q, and visits; * is what is shown", box=box.SIMPLE)
    for state, name in enumerate(process.states):
        if process.final[state]:
            continue
        best = int(table.greedy()[state])
        shown.add_row(
            name,
            *(
                f"{'*' if action == best else ''}{value:.3f} ({visits:,})"
                for action, (value, visits) in enumerate(
                    zip(table.values[state], table.visits[state], strict=True)
                )
            ),
        )
    shown.caption = f"largest error {error_share(table.values, exact):.1%} of the range of the exact table"
    console.print(shown)


def error_share(values: Any, exact: Any) -> float:
    """Return the largest error as a share of the range of the exact table."""
    return float(np.abs(values - exact).max() / max(float(np.ptp(exact)), 1e-12))


def _summary(process: Process, table: QTable, exact: Any) -> dict[str, Any]:
    return {
        "states": list(process.states),
        "actions": list(process.actions),
        "q": table.values.tolist(),
        "visits": table.visits.tolist(),
        "greedy": table.greedy().tolist(),
        "exact": exact.tolist(),
        "max_error_share": error_share(table.values, exact),
    }


def _write(path: Path, picture: str) -> None:
    try:
        path.write_text(picture)
    except OSError as error:
        raise BadInputError("--plot", f"cannot write {path}: {error.strerror}") from error
