"""The shelf `basket`."""
