"""Two processes on one machine train what one does: by torchrun's module, on the CPU."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from core import distributed
from core.__main__ import main
from core.config import parse_config
from core.errors import GlimpseError
from core.methods.base import pick_device
from core.methods.few_shot.config import FewShotConfig
from core.methods.inpainting.config import InpaintingConfig
from core.methods.simclr.config import SimClrConfig
from core.paths import PROJECT
from core.training.launcher import requeue
from core.training.run_folder import RunFolder, create_run, list_runs
from core.training.slots import threads_per_worker
from core.training.worker import work
from tests.helpers.several_ranks import CASES, PRECISIONS, SIMCLR_CASES, trained
from tests.helpers.training import pause_at, state, wait_until

SETTINGS = {
    "source": "sinusoids", "inner_lr": 0.01, "meta_batch": 3, "eval_tasks": 8, "device": "cpu",
}  # fmt: skip
FLAGS = [word for name, value in SETTINGS.items()
         for word in (f"--{name.replace('_', '-')}", str(value))]  # fmt: skip
SIMCLR_FLAGS = ["--width", "4", "--batch-size", "9", "--precision", "float32", "--device", "cpu"]
ENDLESS = 100_000
PATIENCE = 240  # seconds; a busy machine can be slow, and a test that passes never waits for it
Torchrun = subprocess.Popen[str]
Start = Callable[..., Torchrun]


def torchrun(*words: str) -> Torchrun:
    return subprocess.Popen(
        [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "-m", *words],
        cwd=PROJECT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"TQDM_MININTERVAL": "5"},  # a bar that moves more would fill the pipe
    )  # fmt: skip


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts two ranks; what still lives after the test is ended."""
    started = []

    def begin(*words: str) -> Torchrun:
        started.append(torchrun(*words))
        return started[-1]

    yield begin
    for process in started:
        process.terminate()  # it takes its ranks along, which a kill would leave behind
        process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def of_two_ranks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what each of two ranks found for each of the cases."""
    folder = tmp_path_factory.mktemp("ranks")
    process = torchrun("tests.helpers.several_ranks", str(folder))
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("case", [*CASES, *SIMCLR_CASES])
def test_two_ranks_find_the_gradient_of_one_process(
    of_two_ranks: Path, case: str, precision: str
) -> None:
    alone = trained(case, precision)
    first, second = (load_file(of_two_ranks / f"{case}-{precision}-{rank}.safetensors")
                     for rank in (0, 1))  # fmt: skip
    assert first.keys() == second.keys() == alone.keys()
    assert all(torch.equal(first[name], second[name]) for name in first), "the ranks drifted apart"
    # Rounding alone is left: that of float32 grows to 3e-6 in the gradient of a gradient.
    tolerance = 1e-12 if precision == "float64" else 1e-5
    assert _distance(first, alone, "gradient.") < tolerance
    assert _distance(first, alone, "scalars.") < 1e-6, "the scalars are of all tasks"
    if precision == "float64":  # Adam makes steps of full length of gradients that are but rounding
        assert _distance(first, alone, "weights.") < 1e-8


@pytest.mark.slow
def test_no_thread_of_the_group_outlives_it(of_two_ranks: Path) -> None:
    """One that does may abort the interpreter's exit."""
    for rank in (0, 1):
        (name,) = (of_two_ranks / f"threads-{rank}.txt").read_text().splitlines()
        assert "gloo" not in name


def _distance(found: dict[str, Tensor], expected: dict[str, Tensor], kind: str) -> float:
    """The relative distance between all tensors of a kind taken together."""
    ours, theirs = (
        torch.cat([tensors[name].flatten().double() for name in expected if name.startswith(kind)])
        for tensors in (found, expected)
    )
    return float((ours - theirs).norm() / theirs.norm())


@pytest.mark.slow
@pytest.mark.parametrize(("method", "flags"), [("maml", FLAGS), ("simclr", SIMCLR_FLAGS)])
def test_torchrun_leaves_one_run_folder_like_that_of_one_process(
    start: Start, method: str, flags: list[str]
) -> None:
    process = start("core", "train", method, "--steps", "4", "--eval-every", "2", *flags)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    (run,) = list_runs()
    assert output.count(run.id) == 1 and output.count("finished at step 4.") == 1
    assert state(run) == "finished" and run.checkpoint_steps() == [0, 4]
    assert_metrics_of_one_process(run, 4)


@pytest.mark.slow
def test_a_signal_rests_both_ranks_and_both_resume(start: Start) -> None:
    process = start("core", "train", "maml", "--steps", str(ENDLESS), *FLAGS)
    run = wait_for_steps(3)
    process.send_signal(signal.SIGINT)  # torchrun hands a Ctrl-C on to all ranks
    output, _ = process.communicate(timeout=PATIENCE)
    assert state(run) == "paused" and "paused at step" in output
    assert "KeyboardInterrupt" not in output
    reached = run.checkpoint_steps()[-1]
    assert reached == run.metrics()[-1]["step"] >= 3

    process = start("core", "runs", "resume", run.id)
    wait_for_steps(reached + 3)
    run.request("pause")
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, output
    assert state(run) == "paused"
    assert_metrics_of_one_process(run, run.checkpoint_steps()[-1])


@pytest.mark.slow
def test_a_rank_that_dies_ends_the_run_which_one_process_can_resume(start: Start) -> None:
    words = ["--steps", str(ENDLESS), "--checkpoint-every", "2", *FLAGS]
    process = start("core", "train", "maml", *words)
    run = wait_for_steps(3)
    os.kill(second_rank(process), signal.SIGKILL)
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    assert state(run) == "failed"
    assert "Another process of this run has ended" in run.status().message
    assert run.status().message in output
    reached = run.checkpoint_steps()[-1]
    requeue(run)
    work(run, pause_at(run, reached + 3))
    assert state(run) == "paused"
    assert_metrics_of_one_process(run, reached + 3)


def wait_for_steps(n: int) -> RunFolder:
    """The only run there is, once its metrics have n steps."""
    wait_until(
        lambda: any(run.status().step >= n for run in list_runs()), f"{n} steps", patience_s=120
    )
    (run,) = list_runs()
    return run


def second_rank(process: Torchrun) -> int:
    """The id of the process of rank 1."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    (found,) = (int(child) for child in children
                if b"\0RANK=1\0" in Path(f"/proc/{child}/environ").read_bytes())  # fmt: skip
    return found


def assert_metrics_of_one_process(run: RunFolder, last: int) -> None:
    """Each step is there once, with the scalars that one process finds for it."""
    alone = create_run(run.method, run.config, run.config["steps"])
    work(alone, pause_at(alone, last))
    rows, expected = run.metrics(), alone.metrics()
    assert [row["step"] for row in rows] == list(range(last + 1))
    for row, reference in zip(rows, expected, strict=True):
        values = {name: value for name, value in reference.items() if name != "elapsed"}
        found = {name: value for name, value in row.items() if name != "elapsed"}
        assert found == pytest.approx(values, rel=1e-3, abs=2e-3)  # two of a thousand digits


@pytest.fixture
def second_of_two(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment that torchrun gives to the second of two processes."""
    for name in ("RANK", "LOCAL_RANK"):
        monkeypatch.setenv(name, "1")
    for name in ("WORLD_SIZE", "LOCAL_WORLD_SIZE"):
        monkeypatch.setenv(name, "2")
    monkeypatch.setenv("MASTER_ADDR", "127.0.0.1")
    monkeypatch.setenv("MASTER_PORT", "1")
    return monkeypatch


def test_shares_are_all_tasks_once_and_nearly_equal(monkeypatch: pytest.MonkeyPatch) -> None:
    for n_ranks in range(1, 6):
        for n_tasks in range(n_ranks, 12):
            monkeypatch.setenv("WORLD_SIZE", str(n_ranks))
            taken = []
            for rank in range(n_ranks):
                monkeypatch.setenv("RANK", str(rank))
                taken.append(list(range(n_tasks))[distributed.share(n_tasks)])
            assert list(chain(*taken)) == list(range(n_tasks))
            assert max(map(len, taken)) - min(map(len, taken)) <= 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "inpainting"], "start it without torchrun"),
        (["train", "maml", "--algorithm", "supervised"], "start it without torchrun"),
        (["train", "maml", "--meta-batch", "1"], "share the 1 task(s) of a step: start fewer"),
        (["train", "simclr", "--background"], "leave out --background"),
        (["train", "maml", "--background"], "leave out --background"),
        (["train", "maml", "--minutes", "1"], "give --steps to torchrun"),
    ],
)
def test_what_ranks_cannot_share_is_refused_before_there_is_a_run(
    words: list[str],
    message: str,
    second_of_two: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    second_of_two.setenv("RANK", "0")
    second_of_two.setattr(sys, "argv", ["core", *words])
    assert main(words) == 1
    assert message in capfd.readouterr().err
    assert not list_runs()


def test_one_process_trains_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (FewShotConfig, SimClrConfig, InpaintingConfig):
        distributed.check(parse_config(kind, {}))
    monkeypatch.setenv("WORLD_SIZE", "1")  # torchrun --nproc-per-node 1
    distributed.check(SimClrConfig())


def test_one_process_imports_nothing_for_several() -> None:
    code = (
        "import sys; from core import distributed\n"
        "with distributed.together(): assert distributed.broadcast(7) == 7\n"
        "assert distributed.average([], {'loss': 1.5}, 3) == {'loss': 1.5}\n"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT).returncode == 0


def test_processes_that_torchrun_did_not_start_are_one_sentence(
    second_of_two: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("MASTER_ADDR", "MASTER_PORT"):
        second_of_two.delenv(name, raising=False)
    for rank in ("0", "1"):
        second_of_two.setenv("RANK", rank)
        second_of_two.setattr(sys, "argv", ["core", "train", "maml"])
        assert main() == 1
        assert "MASTER_ADDR is not set: start several processes with torchrun" in (
            capfd.readouterr().err
        )
    assert not list_runs()


def test_ranks_of_a_machine_share_its_cores(second_of_two: pytest.MonkeyPatch) -> None:
    second_of_two.setenv("GLIMPSE_THREADS", "7")
    assert threads_per_worker() == 3
    second_of_two.setenv("GLIMPSE_THREADS", "1")
    assert threads_per_worker() == 1


def test_each_rank_has_a_gpu_of_its_own(second_of_two: pytest.MonkeyPatch) -> None:
    second_of_two.setattr(torch.cuda, "is_available", lambda: True)
    second_of_two.setattr(torch.cuda, "device_count", lambda: 2)
    assert pick_device("auto") == torch.device("cuda", 1)
    second_of_two.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(GlimpseError, match=r"needs 2 GPU\(s\) on this machine, and there are 1"):
        pick_device("auto")
    assert pick_device("cpu") == torch.device("cpu")
