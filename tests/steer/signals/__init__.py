"""Signals: the framework, its detectors, the risk register."""
