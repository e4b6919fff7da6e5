"""Behind the door: settings -> agents, tools and engine joined into one production."""

# Relative, so that a bare `import production` fails instead of making a second copy of every class.
from ..errors import DreamRunnerError as DreamRunnerError
