"""A case as typed: its cells, its cover, what its sheets and columns are called."""
