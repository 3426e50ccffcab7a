"""The two ways in which something handed in is refused; each refusal has a code for words and an English sentence."""


class _Refused(ValueError):
    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Malformed(_Refused):
    """It is not what it should be: cut short, misspelt, another format."""


class Unproven(_Refused):
    """It reads well and proves nothing: a wrong key, another tree, an altered leaf."""
