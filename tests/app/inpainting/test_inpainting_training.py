"""The Inpainting page's form: what a run of one's own can be asked for."""

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT


@pytest.fixture
def page() -> AppTest:
    """The page, not run yet."""
    return AppTest.from_file(str(PROJECT / "pages" / "inpainting.py"), default_timeout=60)


def test_the_kinds_of_a_mixture_are_chosen_and_the_command_says_them(page: AppTest) -> None:
    page.run().pills(key="inpainting_kinds").set_value(["stripes", "random"]).run()
    assert any("--kinds random stripes" in box.value for box in page.code)
    page.number_input(key="inpainting_least_hidden").set_value(0.2).run()
    assert any("--least-hidden 0.2" in box.value for box in page.code)
    page.pills(key="inpainting_kinds").set_value([]).run()
    assert (
        not page.exception
        and "cannot be used: a mixture needs at least one kind" in page.error[0].value
    )
    page.selectbox(key="inpainting_mask").set_value("random").run()
    assert not page.exception and not page.error
    assert "inpainting_kinds" not in [each.key for each in page.pills]
    page.number_input(key="inpainting_hidden").set_value(0.5).run()
    assert any(box.value.endswith("--mask random --hidden 0.5") for box in page.code)
