"""A connection on which the server's messages can be held back, as on a machine that is busy."""

import re

from playwright.sync_api import BrowserContext, WebSocketRoute


class LateMessages:
    """The messages between the pages of a browser profile and their server."""

    def __init__(self, context: BrowserContext) -> None:
        self.sent: list[bytes] = []  # by the pages, to the server
        self._held: list[tuple[WebSocketRoute, str | bytes]] | None = None
        context.route_web_socket(re.compile("_stcore/stream"), self._route)

    def hold(self) -> None:
        """Keeps what the server says from the pages until `release`."""
        self._held = []

    def release(self) -> None:
        held, self._held = self._held or [], None
        for socket, message in held:
            socket.send(message)

    def _route(self, socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def to_server(message: str | bytes) -> None:
            self.sent.append(message.encode() if isinstance(message, str) else message)
            server.send(message)

        def to_page(message: str | bytes) -> None:
            if self._held is None:
                socket.send(message)
            else:
                self._held.append((socket, message))

        socket.on_message(to_server)
        server.on_message(to_page)
