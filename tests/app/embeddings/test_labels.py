"""Label efficiency: the page says what the file says."""

import json

from streamlit.testing.v1 import AppTest

from core.figures.labels import LOOKS
from core.paths import ASSETS
from core.studies.label_efficiency import WEIGHTS
from pages.parts.embeddings.labels import CURVE_NAMES, ENCODER

SCRIPT = "from pages.parts.embeddings.labels import show_label_efficiency; show_label_efficiency()"
MEASURED = json.loads((ASSETS / "labels.json").read_text())


def test_every_curve_has_a_name_and_is_explained() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert set(CURVE_NAMES) == set(MEASURED["curves"]) and len(CURVE_NAMES) == len(LOOKS)
    (list_,) = (text.value for text in app.markdown if text.value.startswith("- **"))
    for words in ("Label propagation", "Fine-tuned", "k-NN", "linear probe", "From scratch"):
        assert f"**{words}**" in list_
    for number in (MEASURED["steps"], MEASURED["neighbours"], *MEASURED["rates"].values()):
        assert f" {number} " in list_ or f" {number}." in list_


def test_the_words_and_the_table_are_what_was_measured() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not app.exception
    words = " ".join(text.value for text in app.markdown)
    ten = MEASURED["per_class"].index(10)
    for curve in MEASURED["curves"].values():
        assert f"{100 * curve['accuracy'][ten]:.1f} %" in words
    assert f"{100 * MEASURED['curves']['propagated']['accuracy'][0]:.1f} % of unseen" in words
    assert WEIGHTS == ENCODER and "SimCLR saw 59,000 digits and no label" in words
    all_labels = [curve["accuracy"][-1] for curve in MEASURED["curves"].values()]
    low, high = (f"{100 * share:.1f} %" for share in (min(all_labels), max(all_labels)))
    assert f"between {low} and {high}" in words
    wrong = 1000 - sum(row[digit] for digit, row in enumerate(MEASURED["confusion"]))
    assert f"misclassifies {wrong} of 1,000 digits" in words
    table = app.table[0].value
    for row, name in zip(table.itertuples(), "hz", strict=True):
        assert row[3] == f"{100 * MEASURED['head'][name]['knn_accuracy']:.1f} %"
        assert row[4] == f"{100 * MEASURED['head'][name]['probe_accuracy']:.1f} %"
    assert any(MEASURED["command"] in caption.value for caption in app.caption)
