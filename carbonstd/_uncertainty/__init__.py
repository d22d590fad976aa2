"""Intervals of a result, by both approaches."""
