"""Label efficiency: the page says what the file says."""

import json

from streamlit.testing.v1 import AppTest

from core.paths import ASSETS

SCRIPT = "from pages.parts.embeddings.labels import show_label_efficiency; show_label_efficiency()"
MEASURED = json.loads((ASSETS / "labels.json").read_text())


def test_the_words_and_the_table_are_what_was_measured() -> None:
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not app.exception
    words = " ".join(text.value for text in app.markdown)
    ten = MEASURED["per_class"].index(10)
    for curve in MEASURED["curves"].values():
        assert f"{100 * curve['accuracy'][ten]:.1f} %" in words
    wrong = 1000 - sum(row[digit] for digit, row in enumerate(MEASURED["confusion"]))
    assert f"misclassifies {wrong} of 1,000 digits" in words
    table = app.table[0].value
    for row, name in zip(table.itertuples(), "hz", strict=True):
        assert row[3] == f"{100 * MEASURED['head'][name]['knn_accuracy']:.1f} %"
        assert row[4] == f"{100 * MEASURED['head'][name]['probe_accuracy']:.1f} %"
    assert any(MEASURED["command"] in caption.value for caption in app.caption)
