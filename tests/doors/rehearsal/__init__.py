"""Tests of the demonstration shop."""
