"""Where the shop is going: goals, budgets, signals, plays with a measured effect, and the reviews that tell of them."""
