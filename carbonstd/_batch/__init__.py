"""Many entities at once: where they come from, chunks that run anywhere, and what comes out."""
