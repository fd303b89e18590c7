"""Check digits of codes a filing states. Pure functions."""

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def uscc_check_digit(body: str) -> str | None:
    """The 18th character for the first 17 of a unified social credit code (GB 32100-2015); None if not computable."""
    if len(body) != 17 or any(c not in _USCC_ALPHABET for c in body):
        return None
    total = sum(_USCC_ALPHABET.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True))
    return _USCC_ALPHABET[(31 - total % 31) % 31]


def uscc_valid(code: str) -> bool:
    """Whether `code` has 18 characters of the right alphabet and the right check digit."""
    code = code.strip().upper()
    return len(code) == 18 and uscc_check_digit(code[:17]) == code[17]
