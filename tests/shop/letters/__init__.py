"""Tests of the letters about orders."""
