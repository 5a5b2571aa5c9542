"""Uploaded files: used once, held to their size, and gone from the server's memory after that."""

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit import config
from streamlit.testing.v1 import AppTest

from pages.parts import web_server
from tests.helpers.own_pictures import png


def _page() -> None:
    import streamlit as st
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from core.errors import GlimpseError
    from pages.parts.components.digit_input.digit_input import chosen_digit

    try:
        digit = chosen_digit("file")
        st.markdown("none" if digit is None else f"ink {digit.sum()}")
    except GlimpseError as refusal:
        st.error(str(refusal))
    context = get_script_run_ctx()
    assert context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager)
    files = context.uploaded_file_mgr.file_storage
    st.text(sum(len(file.data) for session in files.values() for file in session.values()))


def _png(side: int = 40) -> bytes:
    picture = np.full((side, side), 255, np.uint8)
    picture[8:30, 16:22] = 0
    return png(Image.fromarray(picture))


@pytest.mark.parametrize(
    ("content", "shown"),
    [
        (_png(), "ink"),
        (b"no picture", "digit.png: This file is not a readable picture"),
        (_png() + bytes(5 * 2**20), "digit.png has 5.0 MB: choose a file of at most 5 MB."),
        (bytes(6 * 2**20), "digit.png has 6.0 MB: choose a file of at most 5 MB."),
    ],
    ids=["good", "bad", "just too large", "too large"],
)
def test_a_picture_is_used_or_refused_once_and_then_not_kept(content: bytes, shown: str) -> None:
    page = AppTest.from_function(_page, default_timeout=30).run()
    assert page.markdown[0].value == "none"
    for name in ("first.png", "digit.png"):
        page.file_uploader(key="file").set_value((name, content, "image/png")).run()
        assert not page.exception and page.text[0].value == "0", "bytes that are still kept"
    for _ in range(2):  # a run for something else does not lose what became of it
        said = [*page.markdown, *page.error]
        assert len(said) == 1 and said[0].value.startswith(shown)
        page.run()


@pytest.mark.parametrize(
    ("address", "headers", "private"),
    [
        ("127.0.0.1", {}, True),
        ("127.8.8.8", {}, True),
        ("localhost", {}, True),
        ("::1", {}, True),
        ("127.0.0.1", {"X-Forwarded-For": "10.0.0.9"}, False),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.9"}, False),
        ("0.0.0.0", {}, False),
        ("192.168.0.4", {}, False),
        ("glimpse.example.org", {}, False),
        ("", {}, False),
        (None, {}, False),
        ("unix:///tmp/glimpse.sock", {}, False),
    ],
)
def test_a_server_is_private_where_this_machine_alone_reaches_it(
    address: str | None, headers: dict[str, str], private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = config.get_option("server.address")
    monkeypatch.setattr(type(st.context), "headers", headers)
    config.set_option("server.address", address)
    try:
        assert web_server.is_private() is private
    finally:
        config.set_option("server.address", before)
