"""The zip of a run folder has its files, and nothing from elsewhere."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core.training.run_folder import RunFolder

NewRun = Callable[..., RunFolder]


def _opened(run: RunFolder) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(run.archive()))


def test_links_and_pipes_are_left_out(new_run: NewRun, tmp_path: Path) -> None:
    run = new_run()
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (run.path / "linked.txt").symlink_to(outside / "secret")
    (run.path / "linked").symlink_to(outside)
    (run.path / "snapshots" / "00000001.safetensors").symlink_to(outside / "secret")
    os.mkfifo(run.path / "pipe")
    (run.path / ".status.json.123.part").write_text("of a dead writer")
    (run.path / "notes.txt").write_text("mine")
    with _opened(run) as archive:
        assert set(archive.namelist()) == {
            f"{run.id}/{name}" for name in ("run.json", "status.json", "notes.txt")
        }


@pytest.mark.parametrize(("moment", "year"), [(0, 1980), (4_500_000_000, 2107)])
def test_a_file_of_a_year_that_a_zip_cannot_write_has_the_nearest(
    new_run: NewRun, moment: int, year: int
) -> None:
    run = new_run()
    os.utime(run.path / "run.json", (moment, moment))
    with _opened(run) as archive:
        assert archive.getinfo(f"{run.id}/run.json").date_time[0] == year
        assert archive.testzip() is None


def test_a_name_that_is_no_text_is_kept_readable(new_run: NewRun) -> None:
    run = new_run()
    (Path(os.fsdecode(os.fsencode(run.path) + b"/caf\xe9"))).write_text("x")
    with _opened(run) as archive:
        assert f"{run.id}/caf\\udce9" in archive.namelist()
