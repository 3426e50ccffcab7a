"""The pages of the console, one router each."""

from fastapi import FastAPI

MOST_PAGES = 200  # boards kept as they were drawn, of some 100 kB
MOST_VISITORS = 5_000


def install(app: FastAPI) -> None:
    """Put the console beside the API: its pages, its files, and its page for what goes wrong."""
    from services.console.kept_pages import Kept
    from services.console.pages import (
        account,
        admin,
        arrears,
        arrears_case,
        bill_runs,
        board,
        capture,
        charges,
        closing,
        cockpit,
        contracts,
        drawer,
        failure,
        fees,
        files,
        help,
        imports,
        invoices,
        ledger,
        live,
        notebook,
        order,
        orders,
        payment,
        people,
        register,
        register_imports,
        search,
        sign_in,
        statement_link,
        statements,
        steward,
        verify,
        views,
    )

    for page in (
        account, admin, arrears, arrears_case, bill_runs, board, capture, charges, closing, cockpit, contracts, drawer,
        fees, files, help, imports, invoices, ledger, live, notebook, order, orders, payment, people,
        register, register_imports, search, sign_in, statement_link, statements, steward, verify, views,
    ):  # fmt: skip
        app.include_router(page.router)
    app.state.error_page = failure.error_page
    app.state.pages = Kept(MOST_PAGES)
    app.state.visitors = Kept(MOST_VISITORS)
