"""What the Python bootstrap is made of; the standard library alone, and of that as little as can be before a handler is loaded."""
