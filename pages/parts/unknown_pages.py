"""What stands before Streamlit's server: an address without a page leads to one that says so.

Streamlit would send its page under every address. Below a page that page is blank, since it finds
none of its scripts there.
"""

from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse

from core.registry import METHODS
from pages.parts.web_server import Application, Message, Receive, Send

MISSING, ASKED = "no_such_page", "asked"  # the page that says so, and its parameter
OF_THE_SERVER = ("_", "app/", "auth/", "component/", "media/", "oauth2callback", "static/")
LONGEST = 100  # letters of an unknown address that are kept


class UnknownPages:
    """Sends a visitor of an address without a page to `MISSING`."""

    def __init__(self, app: Application, base: str = "") -> None:
        """`base` is the path below which the server answers, as `server.baseUrlPath`."""
        self.app, self.base = app, f"/{base.strip('/')}/".replace("//", "/")

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_visit(scope) and scope["path"].startswith(self.base):
            asked = scope["path"][len(self.base) :].rstrip("/")
            if _is_unknown(asked):
                # Relative, for a proxy may have put more in front of the path.
                up = "../" * scope["path"][len(self.base) :].count("/") or "./"
                target = f"{up}{MISSING}?{urlencode({ASKED: asked[:LONGEST]})}"
                await RedirectResponse(target)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_visit(scope: Message) -> bool:
    """Whether a person opens an address, and no page asks for one of its files."""
    return scope["method"] == "GET" and "text/html" in Headers(scope=scope).get("accept", "")


def _is_unknown(path: str) -> bool:
    pages = {"", "runs", MISSING, *(method.page for method in METHODS.values())}
    is_file = "." in path.rpartition("/")[2]
    return path not in pages and not is_file and not path.startswith(OF_THE_SERVER)
