"""The pages of the console, one router each."""

from importlib import import_module

from fastapi import FastAPI

from services.console.pages.failure import error_page

_PAGES = (
    "board", "capture", "order", "steward", "live", "files",
    "sign_in", "notebook", "orders", "people", "account", "admin", "search",
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Put the console beside the API: its pages, its files, and its page for what goes wrong."""
    for name in _PAGES:
        app.include_router(import_module(f"{__name__}.{name}").router)
    app.state.error_page = error_page
