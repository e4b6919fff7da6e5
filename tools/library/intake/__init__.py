"""Folders and files of videos -> clips of a library, with a reason for all that is left out."""

from .... import errors as errors  # A bare import fails here, instead of copying classes.
