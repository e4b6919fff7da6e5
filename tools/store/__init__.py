"""Recipes -> results in a folder: content-addressed, written once, checked when read."""
