"""Methods: what a standard calculates, one edition a file."""
