"""Why money that came in was taken for this account's."""

from enum import Enum


class Evidence(Enum):
    """In the order of strength; each match names one."""

    OWN_REFERENCE = "OWN_REFERENCE"  # our own payment reference came back
    BILL_NUMBER = "BILL_NUMBER"
    DWELLING_AND_AMOUNT = "DWELLING_AND_AMOUNT"
    PAYER_AND_AMOUNT = "PAYER_AND_AMOUNT"  # one open total of the account that this payer paid before
    AT_DESK = "AT_DESK"  # the desk had taken it down already, under the same number of the provider
    REFUND_RETURNED = "REFUND_RETURNED"  # a refund that we paid out came back
    BY_HAND = "BY_HAND"
