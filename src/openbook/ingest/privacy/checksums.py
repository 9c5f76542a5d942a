"""The check digits of numbers that carry some, so that a number is told from one that only looks alike.

Each function takes the bare number, without spaces or hyphens. They know nothing about text, and they say
that a number is well formed, not that it was issued.
"""

_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"


def luhn(digits: str) -> bool:
    """Whether the last digit is right by ISO/IEC 7812-1, as of every payment card."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def ean(digits: str) -> bool:
    """Whether the last of 13 digits is right by GS1, as of the bar code of an article."""
    return (3 * sum(int(digit) for digit in digits[1::2]) + sum(int(digit) for digit in digits[0::2])) % 10 == 0


def iban(number: str) -> bool:
    """Whether the two check digits are right by ISO 13616 (ISO 7064, MOD 97-10)."""
    turned = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1


def spanish_dni(number: str) -> bool:
    """Whether the letter after eight digits is the right one for a Spanish identity number."""
    return number[8].upper() == _DNI_LETTERS[int(number[:8]) % 23]


def french_nir(digits: str) -> bool:
    """Whether the last two of 15 digits are the right key for a French social security number."""
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def brazilian_cpf(digits: str) -> bool:
    """Whether the last two of 11 digits are right for a Brazilian taxpayer number."""
    for length in (9, 10):
        total = sum(int(digit) * weight for digit, weight in zip(digits, range(length + 1, 1, -1), strict=False))
        if total * 10 % 11 % 10 != int(digits[length]):
            return False
    return True
