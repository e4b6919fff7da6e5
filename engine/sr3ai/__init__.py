"""Spatial-temporal region-based 3D attention and prior injection (arXiv 2411.16657)."""
