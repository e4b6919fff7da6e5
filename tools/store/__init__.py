"""Recipes -> results, content-addressed, written once, published by a rename."""
