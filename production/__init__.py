"""Settings and a story -> a film: where the agents, the tools and the engine are joined."""
