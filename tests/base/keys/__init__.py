"""Tests of `base.keys`."""
