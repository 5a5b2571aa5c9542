"""No run folder takes a page down: each is listed, and shown or said to be damaged."""

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT
from core.training.run_folder import scan_runs
from pages.parts.plain_text import plain
from pages.parts.training import live_view
from tests.helpers.hostile_runs import hostile_runs, whole_run
from tests.helpers.pages import texts

MARKUP = "![x]("  # as the hostile texts have it; shown as text its bracket has a backslash
LIVE_VIEW = """
from core.registry import load_method
from pages.parts.{feature}.training import draw, {panels} as panels
from pages.parts.training import live_view

kind = load_method("{method}").Config
live_view.live_view("{method}", kind, draw, panels=panels, scrubber={scrubber})
"""
SNAPSHOTS = ("arrays", "all", "snapshots")
# Its page's folder, its panels, whether it has a scrubber, and kinds that come as far as its view.
VIEWS = {
    "maml": ("few_shot", "panels", True, (*SNAPSHOTS, "info-inner", "info-source")),
    "simclr": ("embeddings", "PANELS", False, SNAPSHOTS),
    "inpainting": ("inpainting", "PANELS", True, SNAPSHOTS),
}


def test_the_runs_page_lists_every_folder_and_deletes_a_damaged_one() -> None:
    healthy = whole_run("maml")
    kinds = {folder.name: kind for kind, folder in hostile_runs(whole_run("maml"))}
    problems = scan_runs().problems
    page = AppTest.from_file(PROJECT / "pages/runs.py", default_timeout=120)
    shown, last = "", f"Delete-{max(problems)}"
    for number in range(1, len(kinds)):
        page.session_state["runs-page"] = number
        shown += texts(page.run())
        if last in [button.key for button in page.button]:
            break
    assert [name for name in (healthy.id, *kinds) if name not in shown] == []
    assert MARKUP not in shown
    for sentence in problems.values():
        assert plain(sentence) in shown

    name = max(problems)
    page.button(key=f"Delete-{name}").click().run()
    assert "cannot be undone" in texts(page)
    page.button(key="delete").click().run()
    assert not page.exception
    assert scan_runs().problems.keys() == problems.keys() - {name}


def test_the_start_page_shows_runs_however_damaged() -> None:
    """It shows the newest three, so each three have to be the newest once."""
    page = AppTest.from_file(PROJECT / "app.py", default_timeout=120)
    folders = [folder for _kind, folder in hostile_runs(whole_run("maml"), "status")]
    elsewhere = folders[0].parent.with_name("elsewhere")
    elsewhere.mkdir()
    for place in range(0, len(folders), 3):
        assert MARKUP not in texts(page.run())
        assert "Latest runs" in [heading.value for heading in page.subheader]
        for folder in folders[place : place + 3]:
            folder.rename(elsewhere / folder.name)


@pytest.mark.parametrize(
    ("method", "source"), [("maml", None), ("maml", "sinusoids"), ("simclr", None),
                           ("simclr", "own"), ("inpainting", None)],
)  # fmt: skip
def test_each_run_is_drawn_or_is_a_sentence(
    method: str, source: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_view, "train_form", lambda *_: None)  # it reads no run
    feature, panels, scrubber, kinds = VIEWS[method]
    script = LIVE_VIEW.format(feature=feature, panels=panels, method=method, scrubber=scrubber)
    page = AppTest.from_string(script, default_timeout=120)
    whole = whole_run(method, source)
    assert "Step 30 of 100" in texts(page.run())
    assert not page.error, "the whole one is drawn"
    made = {folder.name: kind for kind, folder in hostile_runs(whole, *kinds)}
    for run in scan_runs().runs:
        page.query_params["run"] = run.id
        page.run()
        assert not page.exception, made[run.id]
        assert MARKUP not in texts(page), made[run.id]
        assert page.progress or page.error, made[run.id]
