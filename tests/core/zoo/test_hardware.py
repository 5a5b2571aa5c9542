"""The description of the hardware on a card."""

import pytest
import torch

from core.training.provenance import hardware


@pytest.mark.parametrize(("threads", "description"), [(1, "1 thread of "), (2, "2 threads of ")])
def test_threads_are_counted(
    threads: int, description: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    assert hardware(torch.device("cpu")).startswith(description)
