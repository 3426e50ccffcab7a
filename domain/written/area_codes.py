"""Area codes of China's telephone network, and how many digits a number has behind each.

After the numbering plan of the Ministry of Industry and Information Technology, as it stands in 2026: codes with two
digits behind the nought have eight digits, others seven, unless their network has grown to eight.
"""

from collections.abc import Iterator

_LARGE = "10 20-25 27-29"
_GROWN = (
    "311 371 377 379 411 431 432 451 510-519 523 527 531 532 551 571 573-577 579 591 595 731 755 757"
    " 760 769 791 871 898"
)
_GROWING = "410 413 433 435 754 851 978 994"  # both are in use, or were a short time ago
_SEVEN = (
    "310 312-319 335 349 350-359 370 372-376 378 391-396 398"
    " 412 414-419 421 427 429 434 436-439 452-459 464 467-469 470-479 482 483"
    " 530 533-539 543 546 550 552-559 561-564 566 570 572 578 580 592-594 596-599"
    " 631-635 660 662 663 668 691 692"
    " 701 710-719 722 724 728 730 734-739 743-746 750-753 756 758 759 762 763 766 768 770-779 790 792-799"
    " 807 812 813 816-818 825-827 830-839 852-859 870 872-879 883 886-888 891-897"
    " 901-903 906 908 909 911-917 919 930-939 941 943 951-955 970-977 979 990-993 995-999"
)


def _codes(ranges: str) -> Iterator[str]:
    for each in ranges.split():
        first, _, last = each.partition("-")
        for code in range(int(first), int(last or first) + 1):
            yield f"0{code}"


DIGITS: dict[str, frozenset[int]] = {
    **dict.fromkeys(_codes(_SEVEN), frozenset({7})),
    **dict.fromkeys(_codes(f"{_LARGE} {_GROWN}"), frozenset({8})),
    **dict.fromkeys(_codes(_GROWING), frozenset({7, 8})),
}
"""How many digits numbers have, by area code with its nought: ``0593`` has 7, ``0591`` has 8."""


def landline(digits: str) -> tuple[str, str] | None:
    """Area code and number of digits that begin with the nought, or ``None`` where nothing can be reached by them."""
    for size in (3, 4):
        area, number = digits[:size], digits[size:]
        if len(number) in DIGITS.get(area, ()) and number[0] in ("12345678" if size == 3 else "2345678"):
            return area, number
    return None
