"""Detectors, one to a file: each a pure rule of `rules` over a reading of what stands below."""
