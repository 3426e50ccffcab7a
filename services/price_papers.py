"""The price display of an estate on paper, from the lists that bills are made of: it shows what is billed."""

from domain.calendar import local_date
from domain.fee_basis import CHARGING, FEE_BASIS, FeeBasis, FeeSchedule, Price, fee_basis_stream
from projections import estates
from projections.estates import EstateRow
from services.ask import NotFound
from services.house import House
from services.paper.price_displays import PriceDisplay, PriceLine
from services.receipts import decimal
from services.words import say


def price_papers(house: House, estate: str, language: str, origin: str) -> list[PriceDisplay]:
    """The list that bills today and each that is shown already and bills later; an empty one where nothing is charged.

    Each has a code that leads to the page that is always true; ``origin`` is where browsers reach us.

    Raises ``NotFound`` for an estate that is not there.
    """
    with house.database.lend([estate]) as conn:
        place = estates.estate(conn, estate)
    if place is None:
        raise NotFound
    basis = house.log.remembered(FEE_BASIS, fee_basis_stream(estate)).state
    today = local_date(house.clock())
    charged = basis.mode_on(today) in CHARGING
    link = f"{origin}/prices/{estate}"
    shown = basis.displayed(today) if charged else ()
    displays = [_display(basis, each, place, language, link) for each in shown]
    mode = say(language, f"servicemode-{basis.mode_on(today).value}")
    firm, station = _from(place, language)
    nothing = PriceDisplay(firm, place.name, mode, "", today, today, (), (), station, link)
    return displays or [nothing]


def _from(place: EstateRow, language: str) -> tuple[str, str]:
    """Who charges, and where one asks."""
    firm = say(language, "paper-station", community=place.community, estate=place.name)
    return firm, say(language, "letter-station", estate=place.name)


def _display(basis: FeeBasis, schedule: FeeSchedule, place: EstateRow, language: str, link: str) -> PriceDisplay:
    contract = next(each for each in basis.contracts if each.contract == schedule.contract)
    mode = basis.mode_on(schedule.valid_from)
    notes = [say(language, "price-note-rounding")]
    if any(price.charged.value == "PER_AREA" for price in schedule.prices):
        notes.insert(0, say(language, "price-note-area"))
    notes.append(say(language, "price-note-prepayment", months=str(contract.terms.prepayment_months)))
    firm, station = _from(place, language)
    return PriceDisplay(
        firm=firm,
        estate=place.name,
        mode=say(language, "list-comma").join(
            (say(language, f"servicemode-{mode.value}"), say(language, f"feemode-{contract.fee_mode.value}"))
        ),
        contract=contract.number,
        shown_from=schedule.shown_from,
        valid_from=schedule.valid_from,
        lines=tuple(_line(price, language) for price in schedule.prices),
        notes=tuple(notes),
        station=station,
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
