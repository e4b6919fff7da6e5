"""Acts of a shot -> boxes on keyframes: who stands where, and moves along which path."""
