"""The way back from an act to the page it was done on, which shows again what it was told to show."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from fastapi import Request

from services.http.who import own_hosts

_OF_ONE_LOOK = ("after", "act", "look", "given", "noted")  # about one turn of a page, not about what it shows


def as_it_was(request: Request, target: str) -> str:
    """``target``; where that is the page which was acted on, with its filters. What it chooses itself goes first."""
    try:
        came_from, goes_to = urlsplit(request.headers.get("referer", "")), urlsplit(target)
    except ValueError:
        return target
    if came_from.netloc not in own_hosts(request) or came_from.path != goes_to.path:
        return target
    asked = dict(parse_qsl(came_from.query)) | dict(parse_qsl(goes_to.query))
    query = urlencode({name: value for name, value in asked.items() if name not in _OF_ONE_LOOK})
    return urlunsplit(("", "", goes_to.path, query, goes_to.fragment))
