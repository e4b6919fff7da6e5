"""What `benchmarks/miniature.py` asks the miniature for, and how answers are scored."""
