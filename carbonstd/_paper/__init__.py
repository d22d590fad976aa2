"""A report in words: what it is made of, as page and as Word document."""
