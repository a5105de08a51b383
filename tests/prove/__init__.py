"""The proof: nothing is sold twice, nobody pays in vain, refunds are exact; `make prove` runs it at full length."""
