"""A page of HTML as its reader sees it: tags, links and texts."""

import json
from html.parser import HTMLParser

LINKS = ("src", "href", "srcset", "action", "data", "poster", "background")


class Page(HTMLParser):
    """The tags of a page, what links they have, and the text that follows each, by kind of tag."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.feed(page.decode())
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.texts.setdefault(tag, []).append("")
        self.links += [value or "" for name, value in attributes if name in LINKS]

    def handle_data(self, data: str) -> None:
        if self.tags:
            self.texts[self.tags[-1]][-1] += data


def data_of(page: bytes) -> dict[str, object]:
    [text, _code] = Page(page).texts["script"]
    data: dict[str, object] = json.loads(text)
    return data
