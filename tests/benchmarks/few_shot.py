"""How fast Glimpse meta-learns, beside its peers: `python -m tests.benchmarks.few_shot`.

A meta-iteration is the meta-loss and its gradient. All do the same tasks from the same weights, in
one process on one thread, in turns, so that what else the machine does hits all alike. Times are
the processor's, the median over the rounds; a ratio is the median of the rounds' ratios, by the
processor's clock and by the wall's. Printed as markdown. The peers are fetched once, see `peers`.
"""

import argparse
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.data.episodes import Episodes
from core.methods.few_shot.config import FewShotConfig
from core.methods.few_shot.inner_loop import HEAD, Learner, Order
from core.methods.few_shot.method import FewShot
from core.methods.few_shot.task_sources import Shape, TaskSource
from core.models.conv4 import Parameters
from core.seeding import generator
from core.zoo.weights import load_shipped_method
from tests.benchmarks.peers import load_higher, load_learn2learn, peers_folder

FILTERS, INNER_STEPS, META_BATCHES = (32, 64), (1, 5), (16, 32)
ORDERS: tuple[Order, ...] = ("second", "first")
PICTURES, POINTS = Shape(n_way=5, k_shot=1, n_query=5), Shape(n_way=2, k_shot=10, n_query=10)
INNER_LR = 0.1
SINUSOIDS_INNER_LR = 0.01
SINUSOIDS_META_BATCH = 25
LARGEST_ERROR = 1e-4  # of a meta-gradient, relative, in float64
LIVE_STEPS, LIVE_QUERIES, LIVE_CALLS = 5, 15, 200
MeasuredCall = Callable[[], Any]


@dataclass(frozen=True)
class Problem:
    """What all contestants solve: tasks, a learner and the same network in the peers' terms."""

    learner: Learner
    theta: Parameters  # where the learner starts
    network: nn.Module  # the same weights, as plain modules
    tasks: Episodes
    steps: int
    order: Order
    inner_lr: float

    def loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The peers' loss, of one task."""
        if self.learner.regression:
            return F.mse_loss(outputs, targets)
        return F.cross_entropy(outputs, targets)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each setting is timed")
    parser.add_argument("--peers", type=Path, default=peers_folder(),
                        help="folder with the peers' archives, or to fetch them into")  # fmt: skip
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    peers = {}
    if learn2learn := load_learn2learn(arguments.peers):
        peers["learn2learn"] = partial(by_learn2learn, learn2learn)
        _print_agreement(peers["learn2learn"])
    if higher := load_higher(arguments.peers):
        peers["higher"] = partial(by_higher, higher)
    _print_pictures(peers, arguments.rounds)
    _print_sinusoids(peers, arguments.rounds)
    _print_latency()


def by_glimpse(problem: Problem) -> list[Tensor]:
    """The meta-gradient in the learner's weights, by Glimpse."""
    learner, tasks, theta = problem.learner, problem.tasks, problem.theta
    support, query = learner.prepare(tasks.support_x), learner.prepare(tasks.query_x)
    for step in range(problem.steps):
        theta, _ = learner.inner_step(theta, support, tasks.support_y, step, problem.order)
    outputs = learner.answer_queries(theta, support, query, "transductive")
    loss = learner.losses(outputs, tasks.query_y).mean()
    learned = [weight for weight in problem.theta.values() if weight.requires_grad]
    return list(torch.autograd.grad(loss, learned))


def by_learn2learn(learn2learn: Any, problem: Problem) -> None:
    """The meta-gradient in the gradients of the network's weights, as learn2learn's examples do."""
    maml = learn2learn.MAML(
        problem.network, lr=problem.inner_lr, first_order=problem.order == "first"
    )
    tasks = problem.tasks
    problem.network.zero_grad()
    for task in range(len(tasks.support_x)):
        clone = maml.clone()
        for _ in range(problem.steps):
            clone.adapt(problem.loss(clone(tasks.support_x[task]), tasks.support_y[task]))
        loss = problem.loss(clone(tasks.query_x[task]), tasks.query_y[task])
        (loss / len(tasks.support_x)).backward()  # type: ignore[no-untyped-call]


def by_higher(higher: Any, problem: Problem) -> None:
    """The same by higher, as its examples do."""
    optimizer = torch.optim.SGD(problem.network.parameters(), lr=problem.inner_lr)
    tasks = problem.tasks
    problem.network.zero_grad()
    for task in range(len(tasks.support_x)):
        with higher.innerloop_ctx(
            problem.network, optimizer, copy_initial_weights=False,
            track_higher_grads=problem.order == "second",
        ) as (network, inner_optimizer):  # fmt: skip
            for _ in range(problem.steps):
                outputs = network(tasks.support_x[task])
                inner_optimizer.step(problem.loss(outputs, tasks.support_y[task]))
            loss = problem.loss(network(tasks.query_x[task]), tasks.query_y[task])
            (loss / len(tasks.support_x)).backward()  # type: ignore[no-untyped-call]


def picture_problem(
    filters: int, steps: int, order: Order, meta_batch: int, blank: bool = True
) -> Problem:
    """5-way 1-shot tasks of strokes for conv4. The head starts blank, or anywhere and is learned.

    A blank head is how Glimpse trains; the first inner step then leaves the body where it was.
    """
    config = FewShotConfig(
        layout="conv4",
        filters=filters,
        inner_steps=steps,
        inner_lr=INNER_LR,
        train_way=PICTURES.n_way,
        device="cpu",
    )
    learner = FewShot(config).learner
    theta = learner.initial_parameters(PICTURES.n_way)
    if not blank:
        random = generator(0, "head")
        theta |= {name: 0.1 * torch.randn(theta[name].shape, generator=random) for name in HEAD}
        theta |= {name: theta[name].requires_grad_() for name in HEAD}
    tasks = TaskSource("strokes").draw("test", meta_batch, PICTURES, generator(0, "tasks"))
    return Problem(learner, theta, plain_conv4(theta), tasks, steps, order, INNER_LR)


def sinusoid_problem(steps: int, order: Order) -> Problem:
    config = FewShotConfig(
        source="sinusoids", inner_steps=steps, inner_lr=SINUSOIDS_INNER_LR, device="cpu"
    )
    learner = FewShot(config).learner
    theta = learner.initial_parameters(n_way=1)
    tasks = TaskSource("sinusoids").draw(
        "test", SINUSOIDS_META_BATCH, POINTS, generator(0, "tasks")
    )
    return Problem(learner, theta, plain_mlp(theta), tasks, steps, order, SINUSOIDS_INNER_LR)


def in_double(problem: Problem) -> Problem:
    """The same problem in float64."""
    theta = {name: weight.detach().double().requires_grad_(weight.requires_grad)
             for name, weight in problem.theta.items()}  # fmt: skip
    tasks = problem.tasks
    targets = (tasks.support_y, tasks.query_y)
    if problem.learner.regression:
        targets = (tasks.support_y.double(), tasks.query_y.double())
    return Problem(
        problem.learner.double(), theta, problem.network.double(),
        Episodes(tasks.support_x.double(), targets[0], tasks.query_x.double(), targets[1]),
        problem.steps, problem.order, problem.inner_lr,
    )  # fmt: skip


def plain_conv4(theta: Parameters) -> nn.Sequential:
    """conv4 of plain PyTorch modules with the weights of theta."""
    layers: list[nn.Module] = []
    for layer in range(4):
        kernel = theta[f"kernels.{layer}"][0].detach()  # (9 * before, after)
        before, after = len(kernel) // 9, kernel.shape[1]
        convolution = nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False)
        convolution.weight.data = kernel.view(3, 3, before, after).permute(3, 2, 0, 1).contiguous()
        norm = nn.BatchNorm2d(after, track_running_stats=False)
        norm.weight.data = theta[f"scales.{layer}"][0, 0].detach().clone()
        norm.bias.data = theta[f"shifts.{layer}"][0, 0].detach().clone()
        layers += [convolution, norm, nn.ReLU()]
    weight, bias = (theta[name][0].detach() for name in HEAD)
    head = nn.Linear(*weight.shape)
    by_channel = weight.view(2, 2, after, -1).permute(3, 2, 0, 1)  # nn.Flatten takes channels first
    head.weight.data, head.bias.data = by_channel.flatten(1), bias[0].clone()
    return nn.Sequential(*layers, nn.Flatten(), head)


def plain_mlp(theta: Parameters) -> nn.Sequential:
    """The sinusoids' network of plain PyTorch modules with the weights of theta."""
    layers: list[nn.Module] = []
    weights = [theta["weights.0"], theta["weights.1"], theta[HEAD[0]]]
    biases = [theta["biases.0"], theta["biases.1"], theta[HEAD[1]]]
    for weight, bias in zip(weights, biases, strict=True):
        linear = nn.Linear(*weight[0].shape)
        linear.weight.data = weight[0].detach().T.contiguous()
        linear.bias.data = bias[0, 0].detach().clone()
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def peers_gradient(problem: Problem) -> list[Tensor]:
    """The gradients that a peer left in the network, in the order and the shapes of Glimpse's."""
    gradients = [weight.grad for weight in problem.network.parameters() if weight.grad is not None]
    body = {"kernels": gradients[0:12:3], "scales": gradients[1:12:3], "shifts": gradients[2:12:3]}
    ours = [kernel.permute(2, 3, 1, 0).flatten(0, 2) for kernel in body["kernels"]]
    ours += [*body["scales"], *body["shifts"]]
    weight, bias = gradients[12:]
    ours += [weight.view(len(weight), -1, 2, 2).permute(2, 3, 1, 0).flatten(0, 2), bias]
    return ours


def _print_agreement(peer: Callable[[Problem], None]) -> None:
    """The largest relative difference between the meta-gradients, over both orders and heads."""
    errors = []
    for order, steps, blank in product(ORDERS, INNER_STEPS, (True, False)):
        problem = in_double(picture_problem(32, steps, order, 2, blank))
        peer(problem)
        # A blank head is no part of what is learned, and has a gradient in the peer's network only.
        for ours, theirs in zip(by_glimpse(problem), peers_gradient(problem)[: 12 if blank else 14],
                                strict=True):  # fmt: skip
            error = (ours.flatten() - theirs.flatten()).norm() / theirs.norm().clamp_min(1e-12)
            errors.append(float(error))
    print(f"Meta-gradients of Glimpse and learn2learn differ by at most {max(errors):.0e} "
          f"(relative, float64, a tensor each).\n")  # fmt: skip
    assert max(errors) < LARGEST_ERROR


def _print_pictures(peers: Mapping[str, Callable[[Problem], None]], rounds: int) -> None:
    names = [*peers, "Glimpse", "Glimpse, any head"]
    print("conv4, 5-way 1-shot, 5 queries a class, one thread; milliseconds a meta-iteration and "
          f"times the speed of {names[0]}, by the wall's clock in brackets.\n")  # fmt: skip
    _print_row("filters", "inner steps", "order", "meta-batch", *_heads(names))
    _print_row(*["---"] * (3 + 2 * len(names)))
    for filters, steps, order, batch in product(FILTERS, INNER_STEPS, ORDERS, META_BATCHES):
        blank, anywhere = (picture_problem(filters, steps, order, batch, b) for b in (True, False))
        calls: list[Callable[[], Any]] = [partial(peer, blank) for peer in peers.values()]
        calls += [partial(by_glimpse, blank), partial(by_glimpse, anywhere)]
        _print_row(filters, steps, order, batch, *_timed(calls, rounds))
    print()


def _print_sinusoids(peers: Mapping[str, Callable[[Problem], None]], rounds: int) -> None:
    names = [*peers, "Glimpse"]
    print(f"Sinusoids, MLP 1-40-40-1, {POINTS.k_shot} support points, meta-batch "
          f"{SINUSOIDS_META_BATCH}; likewise.\n")  # fmt: skip
    _print_row("inner steps", "order", *_heads(names))
    _print_row(*["---"] * (1 + 2 * len(names)))
    for steps, order in product(INNER_STEPS, ORDERS):
        problem = sinusoid_problem(steps, order)
        calls: list[Callable[[], Any]] = [partial(peer, problem) for peer in peers.values()]
        calls.append(partial(by_glimpse, problem))
        _print_row(steps, order, *_timed(calls, rounds * 5))
    maml = FewShot(FewShotConfig(source="sinusoids", meta_batch=SINUSOIDS_META_BATCH, inner_lr=0.01,
                           k_shot=10, n_query=10, device="cpu"))  # fmt: skip
    seconds = [_seconds(partial(maml.step, step))[0] for step in range(1, 301)]
    print(f"\nTraining on sinusoids, tasks and Adam included: {1 / median(seconds):.0f} steps a "
          "second.\n")  # fmt: skip


def _print_latency() -> None:
    """What the page waits for when a task is learnt live, by the shipped weights."""
    maml = load_shipped_method("maml", FewShot)
    shape = Shape(n_way=5, k_shot=1, n_query=LIVE_QUERIES)
    task = TaskSource("strokes").draw("test", 1, shape, generator(0, "task"))
    times = sorted(_seconds(partial(maml.adapt, task, LIVE_STEPS)) for _ in range(LIVE_CALLS))
    processor, wall = (1000 * times[math.ceil(0.95 * LIVE_CALLS) - 1][clock] for clock in (0, 1))
    print(f"Adapting a 5-way 1-shot task by {LIVE_STEPS} steps and classifying 75 queries "
          f"after each (the shipped weights): 95 % within {processor:.0f} ms "
          f"({wall:.0f} ms).")  # fmt: skip


def _timed(calls: list[MeasuredCall], rounds: int) -> list[str]:
    """Cells of a row: milliseconds of each call, and its speed over the first one's."""
    for call in calls:
        call()
    times = torch.tensor([[_seconds(call) for call in calls] for _ in range(rounds)])
    milliseconds = 1000 * times[:, :, 0].median(0).values  # of the processor
    ratios = (times[:, :1] / times).median(0).values  # (calls, clocks)
    cells = [f"{milliseconds[0]:.1f}"]
    for spent, (processor, wall) in zip(milliseconds[1:], ratios[1:], strict=True):
        cells += [f"{spent:.1f}", f"{processor:.1f} ({wall:.1f})"]
    return cells


def _seconds(call: MeasuredCall) -> tuple[float, float]:
    """By the processor's clock and by the wall's."""
    start = time.process_time(), time.perf_counter()
    call()
    return time.process_time() - start[0], time.perf_counter() - start[1]


def _heads(names: list[str]) -> list[str]:
    first, *others = names
    return [first, *(head for name in others for head in (name, "×"))]


def _print_row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


if __name__ == "__main__":
    main()
