"""Goals, budgets, signals, plays and briefings."""
