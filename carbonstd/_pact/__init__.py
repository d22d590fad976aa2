"""PACT product footprints, written, read and checked."""
