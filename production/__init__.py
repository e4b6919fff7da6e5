"""Behind the door: settings -> agents, tools and engine joined into one production."""
