def folded(login: str) -> str:
    """The one form in which logins are compared and counted: case does not tell two apart.

    Names and addresses are ASCII; to fold more would let `K` (the Kelvin sign) or `İ` pass for a letter
    of somebody's name in one place and not in another.
    """
    return login.lower() if login.isascii() else login
