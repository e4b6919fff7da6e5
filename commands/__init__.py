"""The commands: what each takes from the command line, and what it writes."""

from .. import errors as errors  # A bare `import commands` fails here, instead of copying classes.
