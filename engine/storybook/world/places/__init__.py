"""A place, its light and weather -> a drawn background."""
