"""What other engines make of the lake."""
