"""Shapes of charts that only some pages draw, each in a file of its own; see `charts`."""
