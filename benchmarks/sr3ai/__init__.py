"""The rows of the speed table: what is measured, what it is compared with, and how it is timed."""
