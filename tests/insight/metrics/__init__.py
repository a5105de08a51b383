"""The shelf `metrics`."""
