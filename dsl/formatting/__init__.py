"""The text of a story -> the same text, neatly written."""
