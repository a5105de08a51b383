"""Tests of `base.audit`."""
