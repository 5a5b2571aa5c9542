"""What a page of an AppTest says."""

from streamlit.testing.v1 import AppTest


def texts(page: AppTest) -> str:
    assert not page.exception
    boxes = [*page.caption, *page.error, *page.warning, *page.markdown, *page.progress]
    return "\n".join(str(getattr(box, "text", "") or "") + str(box.value) for box in boxes)
