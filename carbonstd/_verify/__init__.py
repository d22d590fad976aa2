"""A report verified, and the record of it."""
