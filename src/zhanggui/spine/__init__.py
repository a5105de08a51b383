"""The spine: what has happened, recorded once and read by everyone who cares."""
