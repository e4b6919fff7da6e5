"""Story -> Film: the director, the graph of the work, the critic and the re-planner."""

# Relative, so that a bare `import agents` fails instead of making a second copy of every class.
from ..errors import DreamRunnerError as DreamRunnerError
