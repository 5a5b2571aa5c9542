"""What a network was made with and when, as the cards of weights and figures say it."""

import os
import platform
from datetime import UTC, datetime

import torch


def provenance(device: torch.device) -> dict[str, str]:
    """Hardware, torch version and date of what is made now on this device, for its card."""
    return {
        "hardware": hardware(device),
        "torch": torch.__version__.split("+")[0],
        "date": datetime.now(UTC).date().isoformat(),
    }


def hardware(device: torch.device) -> str:
    """The device, in words for a card."""
    if device.type == "cuda":
        return torch.cuda.get_device_name(device)
    threads = torch.get_num_threads()
    plural = "" if threads == 1 else "s"
    return f"{threads} thread{plural} of {os.cpu_count()} {platform.machine()} cores"
