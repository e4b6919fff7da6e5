"""A topic -> a story that checks, by a language model."""
