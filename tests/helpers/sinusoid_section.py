"""The section on sinusoids of its tests, alone on a page."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    from pages.parts.few_shot.sinusoid import sinusoid_view

    sinusoid_view()


def open_section(**query: str) -> AppTest:
    app = AppTest.from_function(_page, default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def texts(app: AppTest) -> str:
    return " ".join(element.value for element in app.markdown)
