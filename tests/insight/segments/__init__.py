"""People kept under a name."""
