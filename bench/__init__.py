"""Benchmarks of whole stories -> figures with intervals, and the page that shows them."""

from .. import errors as errors  # A bare `import bench` fails, instead of copying classes.
