"""Where imported facts came from."""
