"""A product system as openLCA reads it."""
