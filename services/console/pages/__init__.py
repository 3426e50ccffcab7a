"""The pages of the console, one router each."""

from fastapi import FastAPI

MOST_PAGES = 200  # boards kept as they were drawn, of some 100 kB
MOST_VISITORS = 5_000


def install(app: FastAPI) -> None:
    """Put the console beside the API: its pages, its files, and its page for what goes wrong."""
    from services.access import admin, sign_in
    from services.access import me as account
    from services.account_statements import pages as statement_link
    from services.arrears import case_pages as arrears_case
    from services.arrears import pages as arrears
    from services.billing import charge_pages as charges
    from services.billing import pages as bill_runs
    from services.billing.unserved import unserved_bills
    from services.board import capture, help, steward
    from services.board import pages as board
    from services.cases import (
        import_pages as imports,
    )
    from services.cases import (
        notebook_pages as notebook,
    )
    from services.cases import (
        order_pages as order,
    )
    from services.cases import (
        orders_pages as orders,
    )
    from services.cash import pages as drawer
    from services.closing import pages as closing
    from services.cockpit import pages as cockpit
    from services.console import failure, files, live
    from services.console.kept_pages import Kept
    from services.contracts import pages as contracts
    from services.desk import account_pages as ledger
    from services.desk import pages as fees
    from services.desk import payment_pages as payment
    from services.fees import invoice_pages as invoices
    from services.fees import verify_pages as verify
    from services.people import pages as people
    from services.reconciliation import pages as statements
    from services.register import import_pages as register_imports
    from services.register import pages as register
    from services.running import views_page as views
    from services.search import pages as search

    for page in (
        account, admin, arrears, arrears_case, bill_runs, board, capture, charges, closing, cockpit, contracts, drawer,
        fees, files, help, imports, invoices, ledger, live, notebook, order, orders, payment, people,
        register, register_imports, search, sign_in, statement_link, statements, steward, verify, views,
    ):  # fmt: skip
        app.include_router(page.router)
    app.state.error_page = failure.error_page
    app.state.pages = Kept(MOST_PAGES)
    app.state.visitors = Kept(MOST_VISITORS)
    app.state.unserved_bills = unserved_bills  # shown with contracts, which lie below bills
    app.state.orders_in_hand = orders.in_hand  # shown with people, who lie below cases
