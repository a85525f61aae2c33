"""What is promised of a desk under damage, load and hostile input, each with its control."""
