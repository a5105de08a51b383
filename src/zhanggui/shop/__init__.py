"""What shoppers meet: from the catalogue to the payment."""
