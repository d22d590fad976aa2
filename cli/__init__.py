"""The command line: click commands, no arithmetic."""
