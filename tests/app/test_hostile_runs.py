"""No page is taken down by a run folder: it lists, shows and deletes each, or says what is wrong."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.paths import PROJECT
from core.training.run_folder import delete_run, list_runs, scan_runs
from pages.runs import PAGE_LENGTH
from tests.helpers.hostile_runs import MARKUP, healthy_run, hostile_runs
from tests.helpers.pages import texts
