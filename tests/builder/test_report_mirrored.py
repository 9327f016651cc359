"""What became of an imported file is kept where every instance on one database has it."""

from types import SimpleNamespace

from builder.actions.history import report_path
from runtime.store.mirrored.folder import Folder


def test_the_report_lies_in_a_folder_that_all_instances_share(tmp_path):
    studio = SimpleNamespace(settings=SimpleNamespace(data=tmp_path / "data"))
    path = report_path(studio, "desk")
    assert Folder(tmp_path).name(path) == "data/imported/desk.json"
    assert Folder(tmp_path).name(tmp_path / "data" / "elsewhere" / "desk.json") == ""
