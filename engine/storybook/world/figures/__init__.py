"""A character and a pose -> a drawn figure."""
