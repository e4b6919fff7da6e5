"""Clips or pictures + a published model -> a LoRA that teaches it a motion or a character."""
