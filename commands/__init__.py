"""The commands behind the door: what each takes from the command line and shows of what came."""

# Relative, so that a bare `import commands` fails instead of making a second copy of every class.
from ..errors import DreamRunnerError as DreamRunnerError
