"""Tests of `base.operation`."""
