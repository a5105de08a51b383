"""Tests of `spine`."""
