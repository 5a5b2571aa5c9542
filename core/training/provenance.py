"""What a network was made with and when, as the cards of weights and figures say it."""

import os
import platform
from datetime import UTC, datetime

import torch


def provenance(device: torch.device, threads: int | None = None) -> dict[str, str]:
    """Hardware, torch version and date of what is made now on this device, for its card.

    Made on so many threads, by default on those of this process.
    """
    return {
        "hardware": hardware(device, threads),
        "torch": torch.__version__.split("+")[0],
        "date": datetime.now(UTC).date().isoformat(),
    }


def hardware(device: torch.device, threads: int | None = None) -> str:
    """The device, in words for a card."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = threads or torch.get_num_threads()
    plural = "" if threads == 1 else "s"
    return f"{threads} thread{plural} of {os.cpu_count()} {platform.machine()} cores"
