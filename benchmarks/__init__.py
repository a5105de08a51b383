"""One script per promise; each prints ratios, and `make bench` writes docs/numbers.md from them."""
