from tests.contracts.reports.office import office

__all__ = ["office"]
