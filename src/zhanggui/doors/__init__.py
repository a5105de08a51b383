"""Ways in and out. Nobody imports a door."""
