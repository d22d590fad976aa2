"""Every fault of the definitions."""
