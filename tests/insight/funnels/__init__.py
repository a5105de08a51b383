"""The shelf `funnels`."""
