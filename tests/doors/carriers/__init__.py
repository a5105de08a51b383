"""Tests of doors/carriers."""
