"""What an accounting case hands to an allowance method."""
