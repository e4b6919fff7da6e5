"""A story as it is being typed -> what an editor shows of it: the language server.

Every feature is a function of a `Page` and a place in it; `server.py` alone knows the protocol's
traffic. Needs the extra `lsp` (pygls).
"""

# A relative import first: it makes a bare import fail instead of making second copies.
from .host import Host
from .server import serve

__all__ = ["Host", "serve"]
