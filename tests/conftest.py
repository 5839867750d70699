"""Settings of all tests. Environment variables choose more thorough runs.

``HYPOTHESIS_PROFILE=thorough`` tries 1,000 generated examples in each property instead of 40. ``CLEANER_SLOW=1`` runs
the tests that start a cluster or a JVM.
"""

import os

import pytest
from hypothesis import settings

# Tests do not depend on the speed of the machine, so no example has a deadline.
settings.register_profile("quick", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


def pytest_collection_modifyitems(items):
    if os.environ.get("CLEANER_SLOW") != "1":
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="slow: CLEANER_SLOW=1 runs it"))
