"""The figures of streams in the READMEs and on the page are those of the studies' files."""

import json
import re
from typing import Any

from core.methods.lifelong.learners.oml import RATE
from core.paths import ASSETS
from tests.helpers.readmes import BENCHMARKS, README, agrees, row, with_intervals

LIFELONG = BENCHMARKS.partition("## Lifelong")[2].partition("\n## ")[0]
LEARNERS_OF_THE_TABLE = (
    "tuning", "tuning_shuffled", "replay", "maml", "oml", "means", "lda", "ridge",
)  # fmt: skip


def continual() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ASSETS / "continual.json").read_text())
    return loaded


def test_the_tables_of_a_stream_have_the_figures_of_their_file() -> None:
    measured = continual()
    assert (measured["orders"], measured["met"][-1]) == (10, 600)
    tables = LIFELONG.partition("evaluate orders")[0]
    rows = [line for line in tables.splitlines() if "±" in line and line.startswith("| ")]
    at_the_end, on_the_way = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    assert len(at_the_end) == len(on_the_way) == len(measured["curves"])
    for curves, line, means in zip(
        measured["curves"].values(), at_the_end, on_the_way, strict=True
    ):
        ends = [curves[name]["held_out"][-1] for name in LEARNERS_OF_THE_TABLE if name in curves]
        assert line.count("–") == ("maml" not in curves) + ("oml" not in curves)
        way = [*curves["means"]["held_out"], curves["means"]["learnt"][-1]]
        for text, found in ((line, ends), (means, way)):
            for (mean, interval), exact in zip(with_intervals(text), found, strict=True):
                assert agrees(mean, 100 * exact[0]) and agrees(interval, 100 * exact[1]), text


def test_the_readme_s_row_of_a_stream_has_the_figures_of_its_file() -> None:
    line, ends = row(README, "continual"), continual()["curves"]["alphabet"]
    mean, interval = ends["means"]["held_out"][-1]
    assert with_intervals(line) == [(f"{100 * mean:.1f}", f"{100 * interval:.1f}")]
    assert f"{100 * ends['tuning']['held_out'][-1][0]:.1f} % by fine-tuning" in line


def test_what_the_lifelong_page_says_of_networks_is_measured() -> None:
    ends = {name: curves["means"]["held_out"][-1] for name, curves in continual()["curves"].items()}
    assert 0 < ends["alphabet"][0] - ends["strokes"][0] < 0.06, "nearly as good"
    assert ends["strokes"][0] > ends["simclr"][0] > ends["pixels"][0] > ends["untrained"][0]


def test_the_orders_of_a_stream_have_the_figures_of_their_file() -> None:
    right = json.loads((ASSETS / "orders.json").read_text())["right"]
    shares = [[100 * sum(each) / len(each) / 5 for each in order] for order in right]
    sentence = LIFELONG.partition("evaluate orders")[2].partition("`python")[0]
    shown = re.findall(r"(\d+\.\d)", sentence)
    first, last = shares[0], shares[-1]
    moved = [share for place in range(4) for share in (first[place], last[place])]
    for text, exact in zip(shown, (*moved, *first[4:]), strict=True):
        assert agrees(text, exact), sentence


def test_the_rates_of_oml_have_the_figures_of_their_card() -> None:
    card = json.loads((ASSETS / "weights" / "oml.json").read_text())
    text = LIFELONG.partition("makers.oml")[2].partition("`python")[0]
    sentence = " ".join(text.split()).partition("it knows ")[2]
    shown = re.findall(r"([\d.]+)(?: %)? at (?:a learning rate of )?([\d.]*\d)", sentence)
    measured = {float(rate): right for rate, right in card["validation_by_rate"].items()}
    assert [float(rate) for _, rate in shown] == [*measured]
    assert all(agrees(right, 100 * measured[float(rate)]) for right, rate in shown)
    assert max(measured, key=measured.__getitem__) == card["rate"] == RATE


def test_the_table_of_unlabelled_drawings_has_the_figures_of_its_file() -> None:
    measured = json.loads((ASSETS / "unlabelled.json").read_text())["rows"]
    section = LIFELONG.partition("evaluate unlabelled")[2].partition("evaluate asking")[0]
    rows = [line for line in section.splitlines() if "±" in line]
    for line, exact in zip(rows, measured, strict=True):
        pairs = zip(with_intervals(line), exact["accuracy"], exact["interval"], strict=True)
        for (mean, interval), accuracy, width in pairs:
            assert agrees(mean, 100 * accuracy) and agrees(interval, 100 * width), line


def test_the_table_of_asking_has_the_figures_of_its_file() -> None:
    measured = json.loads((ASSETS / "asking.json").read_text())
    rows = LIFELONG.partition("evaluate asking")[2].strip().splitlines()[-3:]
    for line, exact in zip(rows, measured["at_labels"].values(), strict=True):
        shown = [cell.strip() for cell in line.split("|")[2:-1]]
        assert all(agrees(*pair) for pair in zip(shown, [100 * x for x in exact], strict=True))
