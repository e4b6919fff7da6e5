"""A drawn cartoon world -> clips with exact boxes, masks and captions."""
