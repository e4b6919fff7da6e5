"""The text of a story -> syntax tree."""
