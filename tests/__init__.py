"""The tests of Zhanggui: one folder per room, the house itself, whole journeys, and real data."""
