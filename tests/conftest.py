"""What all tests share: no settings from outside, and one built encoder graph for the whole run."""

import os

import pytest


@pytest.fixture(scope="session", autouse=True)
def only_our_settings(tmp_path_factory):
    """Takes every OPENBOOK_ variable out of the environment but the data's, and shares the encoder's graph."""
    kept = {name: value for name, value in os.environ.items() if name.startswith("OPENBOOK_")}
    for name in kept:
        if name != "OPENBOOK_DATA":
            del os.environ[name]
    os.environ["OPENBOOK_ENCODER__CACHE"] = str(tmp_path_factory.mktemp("encoder"))
    yield
    del os.environ["OPENBOOK_ENCODER__CACHE"]
    os.environ.update(kept)
