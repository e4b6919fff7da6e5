"""Settings and a story -> a film: where the agents, the tools and the engine are joined."""

# Relative, so that a bare `import production` fails instead of making a second copy of every class.
from ..errors import DreamRunnerError as DreamRunnerError
