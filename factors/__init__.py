"""Tables: what a standard tabulates, one edition a file."""
