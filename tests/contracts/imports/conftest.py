from tests.contracts.imports.desk import desk

__all__ = ["desk"]
