"""Other formats of screenplays and plans <-> the text of stories."""

from ...errors import Diagnostic as Diagnostic  # isort: skip
from .entitybench import entitybench_clips, import_entitybench
from .fdx import import_fdx
from .fdx_export import export_fdx
from .fountain import export_fountain, import_fountain
from .imported import ImportedStory
from .outline import export_outline, import_outline
from .plans import export_plans, import_plans

__all__ = [
    "Diagnostic",
    "ImportedStory",
    "entitybench_clips",
    "export_fdx",
    "export_fountain",
    "export_outline",
    "export_plans",
    "import_entitybench",
    "import_fdx",
    "import_fountain",
    "import_outline",
    "import_plans",
]
