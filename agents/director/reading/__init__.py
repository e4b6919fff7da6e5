"""Action lines in English -> who does what, to whom, and where."""
