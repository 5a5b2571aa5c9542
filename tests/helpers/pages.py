"""A page of the app in an AppTest, and what it says."""

from streamlit.testing.v1 import AppTest

from core.paths import PROJECT


def open_page_of_app(script: str, **query: str) -> AppTest:
    """The page of a script, `pages/runs.py`, opened within the app with these parameters."""
    app = AppTest.from_file(PROJECT / "app.py", default_timeout=120).run()
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(script).run()


def open_section(show: str, **query: str) -> AppTest:
    """A section of a page alone, drawn by the function `module:name`, with these parameters."""
    app = AppTest.from_function(_section, default_timeout=120, args=tuple(show.split(":")))
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def _section(module: str, name: str) -> None:
    from importlib import import_module

    from pages.parts.url_state import forget_warnings

    getattr(import_module(module), name)()
    forget_warnings()


def texts(page: AppTest) -> str:
    assert not page.exception
    boxes = [*page.caption, *page.error, *page.warning, *page.markdown, *page.progress]
    return "\n".join(str(getattr(box, "text", "") or "") + str(box.value) for box in boxes)
