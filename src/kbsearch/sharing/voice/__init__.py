"""How a text speaks to its readers: their words, their tone, and no harder than needed."""
