"""The outside world, one module a trade: store, cutting room, storyboard, report, library, ..."""

from .. import errors as errors  # A bare `import tools` fails here, instead of copying classes.
