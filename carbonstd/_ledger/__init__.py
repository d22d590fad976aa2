"""A case read against a method: rows, numbers and labels, and what makes them doubtful."""
