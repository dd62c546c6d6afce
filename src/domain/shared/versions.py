from domain.shared.errors import StaleError


def require_version(current: int, expected: frozenset[int] | None) -> None:
    """Raise `StaleError` unless `current` is among the versions the caller has seen (None: any)."""
    if expected is not None and current not in expected:
        raise StaleError(f"it has changed since you read it: version {current} is the newest")
