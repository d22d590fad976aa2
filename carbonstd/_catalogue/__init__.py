"""Definitions for readers and programs: described, shown, compared and exported."""
