"""The rooms of reviews and questions."""
