"""Any address opens a page: nonsense in it costs a sentence, never a trace.

`GLIMPSE_FUZZ` sets how many random addresses each page is opened with.
"""

import os
import random

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT
from core.registry import METHODS
from tests.helpers.run_folders import run_of

NUMBER = int(os.environ.get("GLIMPSE_FUZZ", "3"))
PAGES = ["start", "runs", "no_such_page", *(method.page for method in METHODS.values())]
NAMES = [
    "",
    " ",
    "run",
    "against",
    "look",
    "film",
    "mask",
    "sine_at",
    "alphabet-x",
    "asked",
    "$$ID",
]
TEXTS = [
    "", " ", "0", "-1", "1e999", "nan", "inf", "9" * 400, "true", "None", "null", "[]", "../..",
    "/", "<b>x</b>", "**x**", "$$ID-1-x", "\0", "\ud7ff", "é" * 300, "1_1~2_2", "digit_1 step_9",
    "AAAA", "Omniglot", "Digits", "Sinusoids", "Your drawings", "maml", "run",
]  # fmt: skip
KNOWN: dict[str, list[str]] = {}  # names that a page keeps in its session, by page


def opened(page: str, address: dict[str, str]) -> AppTest:
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=120)
    app.run()
    for name, text in address.items():
        app.query_params[name] = text
    app.switch_page(f"pages/{page}.py").run()
    return app


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("seed", range(NUMBER))
def test_no_address_breaks_a_page(page: str, seed: int) -> None:
    run = run_of("inpainting", "stopped", key_figure="ssim")
    if page not in KNOWN:
        KNOWN[page] = sorted(opened(page, {}).session_state._state.filtered_state)
    draw = random.Random(f"{page} {seed}")
    names = draw.sample([*NAMES, *KNOWN[page]], min(12, len(NAMES)))
    address = {name: draw.choice([*TEXTS, run.id]) for name in ["", *names]}
    app = opened(page, address)
    assert not app.exception, address
    assert app.title, address
    app.run()
    assert not app.exception, address
