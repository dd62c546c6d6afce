from tests.contracts.access.conftest import other, site

__all__ = ["other", "site"]
