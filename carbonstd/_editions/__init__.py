"""One case by two editions of a method, and what makes the difference."""
