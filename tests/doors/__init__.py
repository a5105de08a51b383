"""Tests of tests/doors."""
