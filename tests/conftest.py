"""What is not run unless it is asked for."""

import os

import pytest


def pytest_collection_modifyitems(items):
    """Tests that start a cluster or a JVM take their time: CLEANER_SLOW=1 runs them."""
    if os.environ.get("CLEANER_SLOW") != "1":
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow: CLEANER_SLOW=1 runs it"))
