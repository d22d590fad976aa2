"""CBAM: what an installation reports to its customers in the Union, and the communication template."""
