"""What Streamlit's page lacks: a sentence before its scripts have come, a history of pages, and the
reason why a number is refused.
"""

from functools import lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders

from pages.parts.unknown_pages import is_visit
from pages.parts.web_server import Application, Message, Receive, Send

SCRIPTS = [Path(__file__).with_name(name) for name in ("page_shell.js", "number_bounds.js")]
ROOT = b'<div id="root">'  # Streamlit replaces what is in it
LOADING = (
    b'<p style="margin: 5rem 2rem; font: 1rem sans-serif; color: gray">Glimpse is loading.</p>'
)
UNREADABLE = ("accept-encoding", "if-none-match", "if-modified-since")  # what would hide the page


class PageShell:
    """Puts all of it into the page that Streamlit sends."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not is_visit(scope):
            await self.app(scope, receive, send)
            return
        headers = [pair for pair in scope["headers"] if pair[0].decode() not in UNREADABLE]
        start: Message = {}
        body = b""

        async def send_whole(message: Message) -> None:
            nonlocal body
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body += message.get("body", b"")
            if not message.get("more_body", False):
                page = with_shell(body)
                MutableHeaders(scope=start)["content-length"] = str(len(page))
                await send(start)
                await send({"type": "http.response.body", "body": page})

        await self.app({**scope, "headers": headers}, receive, send_whole)


def with_shell(page: bytes) -> bytes:
    """The page with the sentence and the scripts; another file as it is."""
    if ROOT not in page:
        return page
    return page.replace(b"<head>", b"<head><script>" + _scripts() + b"</script>", 1).replace(
        ROOT, ROOT + LOADING, 1
    )


@lru_cache(maxsize=1)
def _scripts() -> bytes:
    return b"".join(script.read_bytes() for script in SCRIPTS)
