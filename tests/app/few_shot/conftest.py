"""The Few-shot page of its tests."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT

PAGE = "pages/few_shot.py"


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    def open_with(**query: str) -> AppTest:
        app = AppTest.from_file(PROJECT / "app.py", default_timeout=120).run()
        for name, value in query.items():
            app.query_params[name] = value
        return app.switch_page(PAGE).run()

    return open_with
