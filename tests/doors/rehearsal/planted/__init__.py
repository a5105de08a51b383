"""What is planted into a simulated shop is found, with its size; where nothing is, nothing is found."""
