"""The parts of `benchmarks/storybook.py`: prompts, scores, intervals and the pages they fill."""
