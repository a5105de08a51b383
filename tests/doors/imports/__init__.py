"""The way in for other shops' files."""
