"""The shelf `tree`."""
