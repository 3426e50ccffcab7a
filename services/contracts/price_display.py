"""The price display of an estate on paper, from the lists that bills are made of: it shows what is billed."""

from domain.calendar import local_date
from domain.contracts.fee_basis import FEE_BASIS, Charged, Contract, FeeBasis, FeeSchedule, Price, fee_basis_stream
from domain.money.formula import WHOLE
from projections.estates import estates
from projections.estates.estates import EstateRow
from services.contracts.letterhead import sender
from services.contracts.paper import PriceDisplay, PriceLine
from services.log.not_found import NotFound
from services.product import Product
from services.words.figures import decimal
from services.words.sentences import say


def price_papers(product: Product, estate: str, language: str, link: str | None = None) -> list[PriceDisplay]:
    """The list that bills today and each that is shown already and bills later; an empty one where there is neither.

    ``link`` leads to the page that is always true. Raises ``NotFound`` for an estate that is not there.
    """
    with product.database.lend([estate]) as conn:
        place = estates.estate(conn, estate)
    if place is None:
        raise NotFound
    basis = product.log.remembered(FEE_BASIS, fee_basis_stream(estate)).state
    today = local_date(product.clock())
    displays = [_display(basis, each, place, language, link) for each in basis.displayed(today)]
    mode = say(language, f"servicemode-{basis.mode_on(today).value}")
    station = say(language, "letter-station", estate=place.name)
    nothing = PriceDisplay(
        sender(basis, place, today, language), place.name, mode, "", today, today, (), (), station, link
    )
    return displays or [nothing]


def price_notes(contract: Contract, schedule: FeeSchedule, language: str) -> list[str]:
    """What else decides what is charged: how it is reckoned, and what the contract says on paying early and late."""
    terms = contract.terms
    notes = [say(language, "price-note-rounding")]
    if any(price.charged is Charged.PER_AREA for price in schedule.prices):
        notes.insert(0, say(language, "price-note-area"))
    if terms.vacancy_clause and terms.vacancy_factor != WHOLE:
        factor = decimal(terms.vacancy_factor, 4)
        notes.append(say(language, "price-note-vacancy", factor=factor, clause=terms.vacancy_clause))
    notes.append(say(language, "price-note-prepayment", months=str(terms.prepayment_months)))
    if terms.penalty_rate and terms.penalty_clause:
        rate = decimal(terms.penalty_rate, 4)
        notes.append(say(language, "price-note-penalty", rate=rate, clause=terms.penalty_clause))
    else:
        notes.append(say(language, "price-note-no-penalty"))
    return notes


def _display(basis: FeeBasis, schedule: FeeSchedule, place: EstateRow, language: str, link: str | None) -> PriceDisplay:
    contract = basis.contract_of(schedule)
    mode = basis.mode_on(schedule.valid_from)
    return PriceDisplay(
        firm=sender(basis, place, schedule.valid_from, language),
        estate=place.name,
        mode=say(language, "list-comma").join(
            (say(language, f"servicemode-{mode.value}"), say(language, f"feemode-{contract.fee_mode.value}"))
        ),
        contract=contract.number,
        shown_from=schedule.shown_from,
        valid_from=schedule.valid_from,
        lines=tuple(_line(price, language) for price in schedule.prices),
        notes=tuple(price_notes(contract, schedule, language)),
        station=say(language, "letter-station", estate=place.name),
        link=link,
    )


def _line(price: Price, language: str) -> PriceLine:
    return PriceLine(
        item=say(language, f"feeitem-{price.item.value}"),
        content=price.content,
        price=f"{decimal(price.unit_price, 4)} {say(language, f'charged-{price.charged.value}')}",
        use=say(language, "list-comma").join(say(language, f"use-{use.value}") for use in price.uses),
        clause=price.clause,
    )
