"""The top floor: settings, addresses and the wiring that plugs rooms into each other."""
