"""Who stands at the head of a paper: the firm as its contract names it, or the service centre where it names none."""

from datetime import date

from domain.contracts.fee_basis import FeeBasis
from projections.estates.estates import EstateRow
from services.words.sentences import say


def creditor(basis: FeeBasis, place: EstateRow, day: date, language: str) -> str:
    """Who claims and receives money by then."""
    return basis.firm_on(day) or say(language, "letter-firm", community=place.community)


def sender(basis: FeeBasis, place: EstateRow, day: date, language: str) -> str:
    """Who claims and receives money by then, and at which station."""
    firm = basis.firm_on(day)
    if firm is None:
        return say(language, "paper-station", community=place.community, estate=place.name)
    return say(language, "paper-firm", firm=firm, estate=place.name)
