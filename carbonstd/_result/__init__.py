"""What came out of a run, what it rests on and how it shows itself."""
