"""What real shops and their customers left, read whole: totals to the cent."""
