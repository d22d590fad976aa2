"""The energy balance of a statistical yearbook."""
