"""Compiles the catalogues before the wheel is packed."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):
    """Called by hatchling."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Write the .mo files that the wheel takes along (tool.hatch.build.targets.wheel.artifacts)."""
        sys.path.insert(0, self.root)
        from praja.catalogues import compile_catalogues

        compile_catalogues(Path(self.root) / "praja" / "locale")
