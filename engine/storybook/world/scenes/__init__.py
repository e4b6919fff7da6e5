"""A description of a scene -> drawn frames with exact boxes and masks."""
