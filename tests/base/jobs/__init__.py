"""Tests of `base.jobs`."""
