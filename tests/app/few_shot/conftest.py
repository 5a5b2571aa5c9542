"""The Few-shot page of its tests."""

from collections.abc import Callable
from functools import partial

import pytest
from streamlit.testing.v1 import AppTest

from tests.helpers.pages import open_page_of_app

PAGE = "pages/few_shot.py"


@pytest.fixture
def open_page() -> Callable[..., AppTest]:
    return partial(open_page_of_app, PAGE)
