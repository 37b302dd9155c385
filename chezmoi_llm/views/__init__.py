"""What commands tell people of a stack, and what they ask it: pure, the terminal is elsewhere."""
