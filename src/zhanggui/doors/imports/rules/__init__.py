"""How text becomes numbers, moments and ids, and which column means what: pure, without files or database."""
