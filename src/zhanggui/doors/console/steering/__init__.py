"""Goals and budgets as the console shows them and as its forms say them."""
