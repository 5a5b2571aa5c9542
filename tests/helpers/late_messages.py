"""A connection on which the server's messages can be held back, as on a machine that is busy."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.helpers.browser import read_until

TO_THE_END = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


class LateMessages:
    """The messages between the pages of a browser profile and their server."""

    def __init__(self, context: BrowserContext) -> None:
        self.sent: list[bytes] = []  # by the pages, to the server
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        self._is_page_whole = True
        context.route_web_socket(re.compile("_stcore/stream"), self._route)

    def hold(self, page: Page) -> None:
        """Keeps what the server says from `page` until `release`.

        Waits for the end of a script's run that the page has heard the beginning of: until then
        the page can be without the timers that the script starts.
        """
        read_until(page, lambda: self._is_page_whole, bool)
        self._held = []

    def release(self, until: Callable[[ForwardMsg], bool] = lambda _: False) -> None:
        """Sends on what was held; what comes meanwhile waits behind the rest.

        Stops before the first message that is `until`, which stays held with all that follow.
        """
        while self._held and not until(_parsed(self._held[0][1])):
            self._to_page(*self._held.pop(0))
        if not self._held:
            self._held = None

    def is_held(self, wanted: Callable[[ForwardMsg], bool]) -> bool:
        return any(wanted(_parsed(message)) for _, message in self._held or [])

    def _to_page(self, socket: WebSocketRoute, message: str | bytes) -> None:
        self._follow_script(_parsed(message))
        socket.send(message)

    def _follow_script(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "new_session":
            self._is_page_whole = False  # it drops its timers
        if message.WhichOneof("type") == "script_finished":
            self._is_page_whole = message.script_finished in TO_THE_END

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(message: str | bytes) -> None:
            self.sent.append(message.encode() if isinstance(message, str) else message)
            server.send(message)

        def to_page(message: str | bytes) -> None:
            if self._held is None:
                self._to_page(socket, message)
            else:
                self._held.append((socket, message))

        socket.on_message(to_server)
        server.on_message(to_page)


def _parsed(message: str | bytes) -> ForwardMsg:
    assert isinstance(message, bytes), "the server sends bytes"
    parsed: ForwardMsg = ForwardMsg.FromString(message)
    return parsed
