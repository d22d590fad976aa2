"""The language of equations: read, checked for units and shape, compiled and printed."""
