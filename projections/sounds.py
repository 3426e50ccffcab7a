"""How a Chinese name sounds, for whoever types its letters: whole, and the first letter of each sign."""


def sounds_of(plain: str) -> tuple[str, str]:
    """First letters and whole sounds in pinyin: ``("lmy", "linmeiyu")``; other signs stand as they are."""
    # its dictionary costs a fifth of a second, which most processes never need
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(plain, style=Style.FIRST_LETTER)), "".join(lazy_pinyin(plain))
