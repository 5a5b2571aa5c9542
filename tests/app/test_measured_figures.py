"""The figures in the READMEs are those on the cards, and what is said of all cards is true of all.

Numbers are read from the texts and looked up on the cards, so that neither can change alone.
"""

import itertools
import json
import re
from statistics import fmean as mean_of
from statistics import stdev
from typing import Any

import pytest

from core.data.catalog import TRAINING_DIGITS
from core.data.digits import Source, load_digits
from core.paths import ASSETS
from core.studies.label_efficiency import STUDENT_95
from core.studies.losses import LOSSES
from core.zoo.initialisations import RACE, SINUSOIDS, learned_rates, load_initialisation
from pages.parts.embeddings.training import PRESETS as EMBEDDINGS_PRESETS
from pages.parts.few_shot.adaptation_sentences import ABOUT_PICTURES
from pages.parts.few_shot.training import PRESETS
from tests.helpers.readmes import BENCHMARKS, README, agrees, row, with_intervals


def card(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ASSETS / "weights" / f"{name}.json").read_text())
    return loaded


CARDS = {path.stem: card(path.stem) for path in sorted((ASSETS / "weights").glob("*.json"))}
TRAINED_FOR_THE_RACE = {each.title: card(each.weights) for each in RACE if each.weights}
FEW_SHOT_ROWS = ("maml", "alphabet")  # also in the README of the project


def assert_accuracies(pairs: list[tuple[str, str]], figures: dict[str, float]) -> None:
    """That pairs are the accuracy of all queries together, then the one of each alone."""
    assert pairs
    for (mean, interval), prefix in zip(pairs, ("", "inductive_"), strict=False):
        assert agrees(mean, 100 * figures[f"{prefix}accuracy_after"]), (mean, prefix)
        assert agrees(interval, 100 * figures[f"{prefix}accuracy_interval"]), (interval, prefix)


@pytest.mark.parametrize("name", [*FEW_SHOT_ROWS, "strokes", "pens"])
def test_few_shot_rows_have_the_figures_of_their_cards(name: str) -> None:
    assert_accuracies(with_intervals(row(BENCHMARKS, name)), card(name)["figures"])
    if name in FEW_SHOT_ROWS:
        assert_accuracies(with_intervals(row(README, name)), card(name)["figures"])


def test_the_row_of_the_race_has_the_figures_and_the_budget_of_its_cards() -> None:
    line = row(BENCHMARKS, "race-maml")
    for title, made in TRAINED_FOR_THE_RACE.items():
        written = "supervised" if title == "Supervised" else title.replace("First", "first")
        found = re.search(rf"(?<!order ){written} ([\d.]+ ± [\d.]+ / [\d.]+ ± [\d.]+)", line)
        assert found, title
        assert_accuracies(with_intervals(found[1]), made["figures"])
    (steps,) = {made["steps"] for made in TRAINED_FOR_THE_RACE.values()}
    assert f"as many updates ({steps:,})" in line and "20-way 1-shot" in line
    configs = [made["config"] for made in TRAINED_FOR_THE_RACE.values()]
    assert {config["n_way"] for config in configs} == {20}
    for shared in ("source", "filters", "layout", "seed", "meta_batch", "train_way", "n_query"):
        assert len({config[shared] for config in configs}) == 1, shared


def test_the_table_by_the_clock_has_the_figures_of_its_file() -> None:
    measured = json.loads((ASSETS / "clock.json").read_text())
    section = BENCHMARKS.partition("### The race by the clock")[2].partition("###")[0]
    for each in RACE:
        if each.weights:
            (line,) = [line for line in section.splitlines() if line.startswith(f"| {each.title} ")]
            reached = measured["reached"][each.weights]
            for (mean, interval), found in zip(with_intervals(line), reached, strict=True):
                assert agrees(mean, 100 * found["mean"]), each.title
                assert agrees(interval, 100 * found["interval"]), each.title


def test_the_row_of_tasks_has_the_figures_of_its_file() -> None:
    measured = json.loads((ASSETS / "tasks.json").read_text())
    line = row(BENCHMARKS, "tasks")
    assert f"tasks of the page, {measured['tasks']['5']} each" in line
    pairs = iter(with_intervals(line))
    for origin in ("omniglot", "alphabet", "strokes", "digits"):
        for name in ("maml", "race-maml", "random"):
            curve = measured["accuracy"][origin]["5"]["transductive"][name]
            mean, interval = next(pairs)
            assert agrees(mean, 100 * curve["mean"][1]), (origin, name)
            assert agrees(interval, 100 * curve["interval"][1]), (origin, name)
    assert next(pairs, None) is None


def test_the_row_of_the_first_tasks_has_the_figures_of_its_file() -> None:
    measured = json.loads((ASSETS / "tasks.json").read_text())
    line = row(BENCHMARKS, "tasks > assets/tasks.json")
    pairs = iter(with_intervals(line))
    for origin, n_way in (("omniglot", 20), ("alphabet", 12), ("strokes", 20), ("digits", 10)):
        assert f"({n_way} ways)" in line
        for name in ("maml", "race-maml", "race-supervised", "race-protonet", "random"):
            curve = measured["accuracy"][origin][str(n_way)]["transductive"][name]
            mean, interval = next(pairs)
            assert agrees(mean, 100 * curve["mean"][1]), (origin, name)
            assert agrees(interval, 100 * curve["interval"][1]), (origin, name)
    assert next(pairs, None) is None


def test_a_hundred_first_tasks_tell_the_initialisations_apart() -> None:
    """Further than the intervals of so many: what the race is there to show."""
    measured = json.loads((ASSETS / "tasks.json").read_text())
    curves = measured["accuracy"]["omniglot"]["20"]["transductive"]
    widen = (measured["tasks"]["20"] / 100) ** 0.5
    for worse, better in itertools.pairwise(("random", "race-supervised", "race-maml")):
        gap = curves[better]["mean"][5] - curves[worse]["mean"][5]
        both = curves[better]["interval"][5] + curves[worse]["interval"][5]
        assert gap > widen * both, (worse, better)


def test_one_alphabet_is_harder_as_the_page_says() -> None:
    accuracy = json.loads((ASSETS / "tasks.json").read_text())["accuracy"]
    assert "harder to tell apart" in ABOUT_PICTURES["alphabet"]
    for statistics in ("transductive", "inductive"):
        for name, curve in accuracy["alphabet"]["5"][statistics].items():
            assert curve["mean"][1] < accuracy["omniglot"]["5"][statistics][name]["mean"][1], name


def test_the_lesson_on_protonet_has_the_figures_of_the_benchmark() -> None:
    lesson = PRESETS["ProtoNet"].lesson
    rows = re.findall(r"\| (ProtoNet|MAML) \| (\d+) \| [\d,]+ \| ([\d.]+) ±", BENCHMARKS)
    (protonet, *_), (maml, *_) = (
        [row for row in rows if row[0] == name] for name in ("ProtoNet", "MAML")
    )
    assert f"{protonet[2]} % after {protonet[1]} s" in lesson
    assert f"MAML {maml[2]} % after {maml[1]} s" in lesson


def test_losses_have_the_figures_of_their_study_in_the_table_and_the_lessons() -> None:
    figures = json.loads((ASSETS / "losses.json").read_text())["figures"]
    section = BENCHMARKS.partition("### Losses")[2].partition("###")[0]
    lines = [with_intervals(line) for line in section.splitlines() if "±" in line]
    shown: dict[str, dict[str, tuple[str, str]]] = {"sample": {}, "mnist": {}}
    for loss, line in zip(LOSSES, lines, strict=True):
        shown["sample"][loss], shown["mnist"][loss] = line
    for source, by_loss in shown.items():
        for loss, (mean, interval) in by_loss.items():
            scores = figures[source][loss]["knn_accuracy"]
            exact, half = mean_of(scores), STUDENT_95 * stdev(scores) / len(scores) ** 0.5
            assert agrees(mean, 100 * exact) and agrees(interval, 100 * half), (source, loss)
    of_sample = shown["sample"]
    for loss in ("vicreg", "barlow-twins", "simsiam"):
        (preset,) = [p for p in EMBEDDINGS_PRESETS.values() if p.settings == {"loss": loss}]
        assert with_intervals(preset.lesson) == [of_sample[loss], of_sample["nt-xent"]]


def test_embeddings_have_the_figures_of_their_card() -> None:
    figures, labels = card("simclr")["figures"], json.loads((ASSETS / "labels.json").read_text())
    shown = re.findall(r"([\d.]+) %", row(README, "simclr"))
    assert shown == [
        f"{100 * figures[name]:.1f}" for name in ("knn_accuracy", "knn_accuracy_pixels")
    ]
    shown = re.findall(r"([\d.]+) %", row(BENCHMARKS, "simclr"))
    names = ("knn_accuracy", "knn_accuracy_pixels", "knn_accuracy_untrained")
    assert shown == [f"{100 * figures[name]:.1f}" for name in names]
    figures = card("simclr-mnist")["figures"]
    shown = re.findall(r"([\d.]+) %", row(BENCHMARKS, "simclr-mnist"))
    assert shown == [
        f"{100 * figures[f'{name}_accuracy{peer}']:.1f}"
        for peer in ("", "_pixels", "_untrained")
        for name in ("knn", "probe")
    ]
    ways = ("propagated", "tuned", "knn", "probe", "scratch", "scratch_views")
    for text, shown_ways in (
        (README, [("propagated", 10), ("scratch", 10)]),
        (BENCHMARKS, [*((way, 10) for way in ways), ("propagated", 1)]),
    ):
        pairs = with_intervals(row(text, "labels"))
        for (mean, interval), (way, count) in zip(pairs, shown_ways, strict=True):
            curve, place = labels["curves"][way], labels["per_class"].index(count)
            assert agrees(mean, 100 * curve["accuracy"][place])
            assert agrees(interval, 100 * curve["interval"][place])


def test_unlabelled_digits_save_labels_as_the_page_says() -> None:
    measured = json.loads((ASSETS / "labels.json").read_text())
    curves = {way: curve["accuracy"] for way, curve in measured["curves"].items()}
    few = [place for place, count in enumerate(measured["per_class"]) if count <= 10]
    assert len(few) == 3
    for way, curve in curves.items():
        if way != "propagated":
            assert all(curves["propagated"][place] > curve[place] for place in few), way
    at_ten = measured["per_class"].index(10)
    tuned, views = (measured["curves"][way] for way in ("tuned", "scratch_views"))
    gain = tuned["accuracy"][at_ten] - views["accuracy"][at_ten]  # "hardly better"
    assert 0 < gain < tuned["interval"][at_ten] + views["interval"][at_ten]
    most = [curve[-1] for curve in curves.values()]
    assert max(most) - min(most) < 0.02  # "little left to save"


def test_completions_have_the_figures_of_their_cards() -> None:
    unet, plain = card("inpainting")["figures"], card("autoencoder")["figures"]
    assert f"{unet['random_mse']:.4f}" in row(README, "inpainting")
    assert f"{plain['random_mse']:.4f} by a plain" in row(README, "inpainting")
    kinds = ("random", "strokes", "box", "half")
    start = BENCHMARKS.index(row(BENCHMARKS, "inpainting"))
    pairs = re.findall(r"(0\.\d{4}) / (0\.\d{3})", BENCHMARKS[start:])[: 2 * len(kinds)]
    expected = [
        (f"{figures[f'{kind}_mse']:.4f}", f"{figures[f'{kind}_ssim']:.3f}")
        for kind in kinds
        for figures in (unet, plain)
    ]
    for (mse, ssim), (exact_mse, exact_ssim) in zip(pairs, expected, strict=True):
        assert mse == exact_mse and float(ssim) == pytest.approx(float(exact_ssim), abs=0.0011)


def test_sinusoids_have_the_figures_of_their_cards() -> None:
    line = row(BENCHMARKS, "sinusoid-maml")
    for (mean, interval), name in zip(
        with_intervals(line), ("sinusoid-maml", "sinusoid-supervised"), strict=True
    ):
        figures = card(name)["figures"]
        assert agrees(mean, figures["error_after"]) and agrees(interval, figures["error_interval"])


def test_what_the_readmes_say_of_every_model_is_true_of_every_card() -> None:
    assert "Every model was trained on one CPU\ncore" in README
    assert "one CPU core,\nseed 0" in BENCHMARKS
    for name, made in CARDS.items():
        assert made["hardware"].startswith("1 thread of"), name
        assert made.get("config", {"seed": 0})["seed"] == 0, name


def test_only_the_algorithms_that_learn_rates_have_learned_some() -> None:
    """By the weights themselves; ANIL adapts the head alone."""
    learned = {each.title: learned_rates(load_initialisation(each)) for each in RACE}
    assert [title for title, names in learned.items() if names] == [
        "MAML", "First-order MAML", "ANIL",
    ]  # fmt: skip
    assert set(learned["ANIL"]) <= {"head.weight", "head.bias"}
    curves = [learned_rates(load_initialisation(each, "sinusoid-maml")) for each in SINUSOIDS]
    assert [bool(names) for names in curves] == [True, False, False]


@pytest.mark.parametrize("source", sorted(TRAINING_DIGITS))
def test_the_number_of_training_digits_is_that_of_the_data(source: Source) -> None:
    if source == "mnist":
        from core.data.catalog import SOURCES

        if not SOURCES["mnist"].present():
            pytest.skip("MNIST is not in the data root")
    assert len(load_digits(source, "train")) == TRAINING_DIGITS[source]


def test_the_sinusoids_that_learn_no_rate_step_at_the_one_that_maml_began_with() -> None:
    methods = [load_initialisation(each, "sinusoid-maml") for each in SINUSOIDS]
    first = methods[0].config.inner_lr
    for method in methods[1:]:
        rates = method.learner.log_rates.detach().exp()
        assert rates.min() == rates.max() == pytest.approx(first)
