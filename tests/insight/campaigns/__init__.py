"""The shelf `campaigns`."""
