"""What a card says of the machine that its weights were made on."""

import pytest
import torch

from core.zoo.weights import hardware


@pytest.mark.parametrize(("threads", "told"), [(1, "1 thread of "), (2, "2 threads of ")])
def test_threads_are_counted(threads: int, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    assert hardware(torch.device("cpu")).startswith(told)
