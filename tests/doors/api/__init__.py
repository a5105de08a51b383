"""Tests of doors/api."""
