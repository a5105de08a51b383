"""The proof that nothing is sold twice and nobody pays in vain; `make prove` runs it at full length."""
