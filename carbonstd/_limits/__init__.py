"""Plants judged against limits of energy consumption or emission."""
