"""The vocabulary: every fact of the house, one file per room, and the registry that knows them by wire name.

Owns  the shapes; `spine.log` keeps the rows. A new fact is a class here and a golden body in tests/spine/golden.
"""
