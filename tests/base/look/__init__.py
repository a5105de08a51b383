"""Tests of tests/base/look."""
