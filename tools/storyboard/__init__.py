"""Plan -> storyboard, as a picture and as a page."""
