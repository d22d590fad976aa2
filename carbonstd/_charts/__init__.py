"""What a chart shows, in both languages, and what draws it."""
