"""The register (台账): dwellings and owners, and sheets of both taken over."""

from domain.capacity import MONEY, OUTSIDE, Capacity
from services.capability import Capability
from services.console.navigation import Entry, Group, Rhythm, Tab
from services.product import Product
from services.register import api, import_api, import_pages, pages
from services.register.imports import RegisterImports
from services.register.spanning import RULES

_READERS = MONEY | {Capacity.DISPATCHER} | OUTSIDE


def _register_imports(product: Product) -> RegisterImports:
    return RegisterImports(
        product.database, product.vault, product.log, product.handler, product.pseudonyms, product.positions,
        product.secret, product.clock,
    )  # fmt: skip


CAPABILITY = Capability(
    api=(api.router, import_api.router),
    pages=(pages.router, import_pages.router),
    entries=(
        Entry(
            "register",
            "/register/{estate}",
            "address-book",
            30,
            frozenset({Capacity.CASHIER, Capacity.ACCOUNTANT}),
            _READERS,
            "register-title",
            Group.HOLDINGS,
            "r",
        ),
    ),
    tabs=(Tab("register", "/register/{estate}", 60, _READERS, Rhythm.LOOK_UP),),
    uploads=(import_api.UPLOAD,),
    parts=(_register_imports,),
    spanning=RULES,
)
