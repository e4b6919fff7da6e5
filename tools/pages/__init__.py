"""Pictures and HTML that reports, storyboards and previews share."""
