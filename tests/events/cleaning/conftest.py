"""Makes the streams beside it importable: these tests are run as files, not as a package."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
