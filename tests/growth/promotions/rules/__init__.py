"""Tests of the pure quote: tables to the cent, traps by name, and laws."""
