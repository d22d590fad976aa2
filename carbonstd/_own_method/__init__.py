"""Which methods are a plant's own."""
