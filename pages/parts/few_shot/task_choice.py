"""A few-shot task and how it is learnt: the choices, and their parameters in the address."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pages.parts.url_state import Choice, Number

if TYPE_CHECKING:
    from core.data.episodes import Episodes
    from core.methods.few_shot.inner_loop import Statistics
    from core.methods.few_shot.task_sources import Origin, TaskSource

N_QUERY = 5  # queries of a class
FIRST_TASK, LAST_TASK = 52, 9999  # the first is near the averages in `assets/tasks.json`
MANY = 100  # tasks that the race can be averaged over
THIS_TASK, MANY_TASKS = "This task", f"{MANY} such tasks"

ORIGINS: dict[str, "Origin"] = {
    "Omniglot": "omniglot", "One alphabet": "alphabet", "Strokes": "strokes", "Digits": "digits",
}  # fmt: skip
ALPHABET_WAYS = 12  # ten alphabets have so many test characters, so that one task is not the next
ORIGIN_LABELS = {origin: label for label, origin in ORIGINS.items()}
DRAWINGS, CURVES = "Your drawings", "Sinusoids"  # sources with a view of their own
STATISTICS: dict[str, "Statistics"] = {"Together": "transductive", "Alone": "inductive"}
SCALES = {"1/8": 1 / 8, "1/4": 1 / 4, "1/2": 1 / 2, "1": 1.0, "2": 2.0, "4": 4.0, "8": 8.0}

# Names in session state and in the address.
SOURCE, STEP = "tasks_from", "inner_step"
SOURCE_VALUE = Choice(
    SOURCE, "Tasks of", "Omniglot",
    ["Omniglot", "One alphabet", CURVES, DRAWINGS, "Strokes", "Digits"],
)  # fmt: skip
TASK = Number("task", "Task", FIRST_TASK, 0, LAST_TASK)
WAYS = Number("ways", "Ways", 20, 2, 20)  # so many tell the initialisations of the race apart
SHOTS = Number("shots", "Shots", 1, 1, 10)
STEPS = Number("inner_steps", "Inner steps", 5, 0, 20)
SCALE = Choice("rate", "Inner rate", "1", list(SCALES))
KIND = Choice("statistics", "Batch norm", "Together", list(STATISTICS))
RACE_OF = Choice("race_of", "Curves of", THIS_TASK, [THIS_TASK, MANY_TASKS])


@dataclass(frozen=True)
class TaskChoice:
    """One task of pictures and how it is learnt. `scale` multiplies the inner rates."""

    origin: "Origin"
    n_way: int
    k_shot: int
    steps: int
    scale: float
    statistics: "Statistics"
    number: int

    @property
    def title(self) -> str:
        """Which task this is, for a picture of it."""
        rate = f" · inner rates × {self.scale:g}" if self.scale != 1 else ""
        return f"{ORIGIN_LABELS[self.origin]} · task {self.number} · {self.statistics}{rate}"

    @property
    def slug(self) -> str:
        """Which task this is, in the name of a file."""
        return f"{self.origin}-{self.n_way}way-{self.k_shot}shot-{self.number}"

    @property
    def things(self) -> str:
        """What its classes are."""
        return things_of(self.origin)

    def source(self) -> "TaskSource":
        from core.methods.few_shot.task_sources import TaskSource

        return TaskSource(self.origin)

    def tasks(self, n_tasks: int, *which: int | str) -> "Episodes":
        """Test tasks of this kind, the same for the same `which`."""
        from core.methods.few_shot.task_sources import Shape
        from core.seeding import generator

        shape = Shape(self.n_way, self.k_shot, N_QUERY)
        return self.source().draw("test", n_tasks, shape, generator("page", self.origin, *which))

    def task(self) -> "Episodes":
        """The task itself, alone in its set."""
        return self.tasks(1, self.number)


def step_value(steps: int) -> Number:
    """The inner step that is shown, of so many; a film begins with its first picture."""
    return Number(STEP, "Inner step", 0, 0, steps)


def ways_of(origin: "Origin", asked: int) -> int:
    """How many classes a test task of an origin has where so many are asked for."""
    from core.methods.few_shot.task_sources import TaskSource

    if origin == "alphabet":
        return min(asked, ALPHABET_WAYS)
    return min(asked, TaskSource(origin).most_ways("test"))


def about_size(origin: "Origin", ways: int) -> str:
    """Why a task has only `ways` classes, where more are asked for."""
    if origin == "alphabet":
        return f"{ways} ways: few alphabets have more characters that no network was trained on."
    return f"{ways} ways: there are no more {things_of(origin)}."


def things_of(origin: "Origin") -> str:
    """What the classes of a task are."""
    return "digits" if origin == "digits" else "characters"
