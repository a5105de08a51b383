"""Tests of `base.accounts`."""
