"""The example client of docs/examples, which is a file to copy and no package."""

import importlib.util
import sys

from tests.support.content import ROOT

spec = importlib.util.spec_from_file_location("reporter_client", ROOT / "docs" / "examples" / "reporter_client.py")
example = importlib.util.module_from_spec(spec)
sys.modules["reporter_client"] = example
spec.loader.exec_module(example)
