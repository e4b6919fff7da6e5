"""Clips -> LoRA adapters, with peft."""
