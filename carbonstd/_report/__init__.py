"""The report of a result, chapter by chapter."""
