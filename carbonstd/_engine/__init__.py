"""A run: tables chosen, blanks filled, every expression evaluated over rows."""
