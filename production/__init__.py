"""Settings and a story -> a film: where the agents, the tools and the engine are joined."""

from .. import errors as errors  # A bare `import production` fails, instead of copying classes.
