"""Plain functions on figures: no method, no ledger, arrays in and a number out. Errors are those of carbonstd."""

from carbonstd.analysis.balance import balance_value

__all__ = ["balance_value"]
