"""Who stands at the head of a paper: the firm of the contract, or the service centre where it names none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain.contracts.fee_basis import FEE_BASIS, ContractSigned, FeeBasis
from domain.estates.estate import Estate
from projections.estates.estates import EstateRow
from services.contracts.letterhead import creditor, sender
from tests.contracts.examples import ESTATE_CODE, FIRM, SINCE
from tests.examples import EVENTS
from tests.scenario import MONDAY, at

PLACE = EstateRow(ESTATE_CODE, "东湖苑", "荷塘社区", Estate(), 1)
SIGNED = next(event for event in EVENTS if isinstance(event, ContractSigned))


def basis(firm: str | None) -> FeeBasis:
    return FEE_BASIS.fold([(replace(SIGNED, firm=firm), at(MONDAY))])


@pytest.mark.parametrize(
    ("firm", "day", "claims", "sends"),
    [
        (FIRM, SINCE, FIRM, f"{FIRM} · 东湖苑服务站"),
        (FIRM, SINCE - timedelta(days=1), "荷塘社区物业服务中心", "荷塘社区物业服务中心 · 东湖苑服务站"),
        (None, SINCE, "荷塘社区物业服务中心", "荷塘社区物业服务中心 · 东湖苑服务站"),
    ],
)
def test_a_paper_names_who_claims(firm: str | None, day: date, claims: str, sends: str) -> None:
    assert creditor(basis(firm), PLACE, day, "zh") == claims
    assert sender(basis(firm), PLACE, day, "zh") == sends
