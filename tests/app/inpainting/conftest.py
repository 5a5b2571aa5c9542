"""The Inpainting page of its tests."""

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT


@pytest.fixture
def page() -> AppTest:
    """The page, not run yet."""
    return AppTest.from_file(str(PROJECT / "pages" / "inpainting.py"), default_timeout=60)
