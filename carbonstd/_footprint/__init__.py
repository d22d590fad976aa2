"""The report of a product footprint study."""
