"""What `benchmarks/loop.py` asks for, who draws and measures it, and who knows what is right."""
