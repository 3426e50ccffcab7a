"""The pages of the console, one router each."""

from fastapi import FastAPI


def install(app: FastAPI) -> None:
    """Put the console beside the API: its pages, its files, and its page for what goes wrong."""
    from services.console.pages import board, capture, failure, files, live, order, steward

    for page in (board, capture, order, steward, live, files):
        app.include_router(page.router)
    app.state.error_page = failure.error_page
