"""`data list|download|remove`."""

import argparse
from typing import Any

from tqdm import tqdm

from core.data.catalog import SOURCES, Source
from core.data.download import download
from core.data.stored_pictures import remove_stored, stored_zips
from core.paths import data_root


def add_parser(commands: Any) -> None:
    parser = commands.add_parser(
        "data", help="list and download data sets, and remove uploaded pictures"
    )
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    actions.add_parser("list", help="list all data sets and uploaded pictures").set_defaults(
        run_command=_list
    )
    fetch = actions.add_parser("download", help="download a data set into the data root")
    fetch.add_argument("name", help="mnist or cifar10")
    fetch.set_defaults(run_command=_download)
    remove = actions.add_parser("remove", help="remove a zip of pictures that was uploaded")
    remove.add_argument("name", help="its file name, as `data list` shows it")
    remove.set_defaults(run_command=_remove)


def _list(_options: argparse.Namespace) -> int:
    for source in SOURCES.values():
        print(f"{source.name:10} {_state(source):22} {source.about}")
    uploaded = stored_zips()
    for each in uploaded:
        print(f"{each.path.name}  {each.n_bytes / 1e6:.1f} MB, pictures that were uploaded")
    if uploaded:
        print("To remove one of these: python -m core data remove NAME")
    print(f"Downloads go to {data_root()}; set GLIMPSE_DATA to keep them elsewhere.")
    return 0


def _state(source: Source) -> str:
    if source.present():
        return "ready"
    return f"{source.download_bytes / 1e6:.1f} MB to download"


def _remove(options: argparse.Namespace) -> int:
    remove_stored(options.name)
    print(f"{options.name} is removed.")
    return 0


def _download(options: argparse.Namespace) -> int:
    with tqdm(unit="B", unit_scale=True, dynamic_ncols=True) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        download(options.name, report)
    print(f"{SOURCES[options.name].title} is ready in {data_root()}.")
    return 0
