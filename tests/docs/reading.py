"""Reading and running pages of the documentation."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs" / "reference"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its lines, the number of its first line, the comment right above it."""

    language: str
    lines: tuple[str, ...]
    first: int
    remark: str


def pages() -> list[Path]:
    """Return every page, written or generated."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """Return the fenced blocks of a page."""
    found, lines = [], page.read_text().splitlines()
    opened: int | None = None
    for number, line in enumerate(lines):
        if line.startswith("```") and opened is None:
            opened = number
        elif line.startswith("```") and opened is not None:
            language = lines[opened].removeprefix("```")
            found.append(Block(language, tuple(lines[opened + 1 : number]), opened + 1, lines[max(opened - 1, 0)]))
            opened = None
    assert opened is None, f"{page}: the block that begins in line {opened} never ends"
    return found


def script(page: Path) -> str:
    """Return all Python of a page, each line where it stands in the page, so that errors name the right line."""
    lines: list[str] = []
    for block in blocks(page):
        if block.language == "python" and _can_run(block):
            lines += [""] * (block.first - len(lines)) + list(block.lines)
    return "\n".join(lines) + "\n"


def run(script: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a folder of its own, warnings as errors."""
    asked = [sys.executable, "-W", "error", str(script)]
    here = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.run(asked, cwd=folder, env=here, capture_output=True, text=True, timeout=120, check=False)


def _can_run(block: Block) -> bool:
    needed = block.remark.removeprefix("<!-- needs ").removesuffix(" -->") if "<!-- needs" in block.remark else "json"
    return importlib.util.find_spec(needed) is not None
