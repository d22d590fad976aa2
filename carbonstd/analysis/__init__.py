"""Functions on tables of results."""
