"""A page of the app in an AppTest, and what it says."""

from streamlit.testing.v1 import AppTest

from core.paths import PROJECT


def open_page_of_app(script: str, **query: str) -> AppTest:
    """The page of a script, `pages/runs.py`, opened within the app with these parameters."""
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=120).run()
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(script).run()


def texts(page: AppTest) -> str:
    assert not page.exception
    boxes = [*page.caption, *page.error, *page.warning, *page.markdown, *page.progress]
    return "\n".join(str(getattr(box, "text", "") or "") + str(box.value) for box in boxes)
