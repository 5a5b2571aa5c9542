"""What stands before Streamlit's server: who may frame it, who may connect, what it keeps.

Streamlit itself forbids no framing, asks a machine outside for this one's address before it refuses
a foreign page, and keeps every uploaded file until its session ends.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

LARGEST_SESSION = 220 * 2**20  # bytes of uploads that a session keeps: the largest zip and a bit
UPLOADS = "/_stcore/upload_file/"
FRAMING = {"Content-Security-Policy": "frame-ancestors 'self'", "X-Frame-Options": "SAMEORIGIN"}
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-Ip")  # headers of a proxy in front

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]


class Framing:
    """Forbids other sites to show Glimpse in a frame of theirs."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(FRAMING)
            await send(message)

        await self.app(scope, receive, send_marked if scope["type"] == "http" else send)


class Origins:
    """Refuses connections that the page of another site opens."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and not _is_own_page(Headers(scope=scope)):
            await send({"type": "websocket.close", "code": 1008})
            return
        await self.app(scope, receive, send)


class Uploads:
    """Forgets a session's oldest uploads where it would keep more than `LARGEST_SESSION`."""

    def __init__(self, app: Application) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "PUT" and UPLOADS in scope["path"]:
            session = scope["path"].partition(UPLOADS)[2].partition("/")[0]
            files = runtime.get_instance().uploaded_file_mgr
            assert isinstance(files, MemoryUploadedFileManager)
            forget_oldest(files, session)


GUARDS = [Middleware(Framing), Middleware(Origins), Middleware(Uploads)]


def forget_oldest(files: MemoryUploadedFileManager, session: str) -> None:
    """Removes a session's oldest files, but the newest, until they fit in `LARGEST_SESSION`."""
    kept = list(files.file_storage.get(session, {}).values())
    total = sum(len(file.data) for file in kept)
    for file in kept[:-1]:
        if total <= LARGEST_SESSION:
            return
        files.remove_file(session, file.file_id)
        total -= len(file.data)


def is_private() -> bool:
    """Whether people at this machine alone can reach the server of the session."""
    address = str(st.get_option("server.address") or "")
    behind_proxy = any(name in st.context.headers for name in FORWARDED)
    return _is_loopback(address) and not behind_proxy


def _is_loopback(address: str) -> bool:
    try:
        return address == "localhost" or ip_address(address).is_loopback
    except ValueError:
        return False


def _is_own_page(headers: Headers) -> bool:
    """Whether a connection is from a page of this server, or of one that it is set to trust."""
    origin = headers.get("origin")
    if origin is None or not st.get_option("server.enableCORS"):
        return True  # not from a browser; or all pages are trusted
    page = urlsplit(origin)
    public = f"//{st.get_option('browser.serverAddress')}"
    hosts = {
        urlsplit(each).hostname for each in (*st.get_option("server.corsAllowedOrigins"), public)
    }
    is_local = page.hostname is not None and _is_loopback(page.hostname)
    return page.netloc == headers.get("host") or is_local or page.hostname in hosts
