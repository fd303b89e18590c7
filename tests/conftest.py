"""What every test stands on: no imports or registers of whoever runs the tests."""

from pathlib import Path

import pytest

from assist_review.law.home import ENVIRONMENT


@pytest.fixture(autouse=True)
def own_data(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for the user's data."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv(ENVIRONMENT, str(folder))
    return folder
