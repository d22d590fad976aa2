"""Which factor holds for a place, a fuel and a year."""
