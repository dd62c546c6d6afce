from domain.shared.checks import Checks, is_text

SHORTEST = 10
LONGEST = 128
_TOO_COMMON = frozenset(
    [
        "1234567890",
        "12345678910",
        "0123456789",
        "password12",
        "password123",
        "password1234",
        "passwordpassword",
        "qwertyuiop",
        "qwerty12345",
        "qwerty123456",
        "1q2w3e4r5t",
        "iloveyou123",
        "letmein123",
        "welcome123",
        "admin12345",
        "changeme123",
        "administrator",
        "abcdefghij",
        "1111111111",
        "0000000000",
    ]
)


def check_password(password: str, *, username: str, email: str, field: str = "new_password") -> None:
    """Raise `InvalidError` on `field` for a password that is short, common or the user's own name."""
    checks = Checks()
    folded = password.casefold()
    checks.require(field, f"needs at least {SHORTEST} characters", holds=len(password) >= SHORTEST)
    checks.require(field, f"may have at most {LONGEST} characters", holds=len(password) <= LONGEST)
    checks.require(field, "may have no half of a surrogate pair", holds=is_text(password))
    checks.require(field, "is too common", holds=folded not in _TOO_COMMON)
    own = {username.casefold(), email.casefold(), email.casefold().partition("@")[0]}
    checks.require(field, "is too much like your name", holds=folded not in own)
    checks.require(field, "is one character over and over", holds=len(set(password)) > 1)
    checks.done()
