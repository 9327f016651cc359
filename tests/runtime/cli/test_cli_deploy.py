"""`python app.py deploy …`: prints, and leaves everything as it is."""

import pytest

from runtime.deployment.kinds import FOLDERS, PRINTED
from runtime.store.control.control import Control


@pytest.mark.parametrize("file", PRINTED)
def test_a_file_is_printed(run, file):
    code, out, err = run("deploy", file, "--domain", "bot.example.com")
    assert (code, err) == (0, "")
    assert out.endswith("\n")
    assert "bot.example.com" in out or file == "image"


def test_nothing_is_written(run, tmp_path):
    """By root, who types it with sudo, it could not be read by the service afterwards."""
    assert run("deploy", "systemd")[0] == 0
    assert list(tmp_path.iterdir()) == []


def test_the_environments_address_is_the_domain(run, monkeypatch):
    monkeypatch.setenv("HONGYAN_PUBLIC_URL", "https://env.example.com")
    assert "\nenv.example.com {\n" in run("deploy", "caddy")[1]


def test_the_address_of_the_publish_page_is_the_domain(run, tmp_path):
    control = Control.in_folder(tmp_path / "data")
    control.save_options(control.options().model_copy(update={"public_url": "https://page.example.com"}))
    assert "\npage.example.com {\n" in run("deploy", "caddy")[1]


def test_without_a_domain_it_says_what_to_type(run):
    code, out, err = run("deploy", "nginx")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--domain bot.example.com" in err


def test_a_bad_domain_is_named(run):
    code, out, err = run("deploy", "caddy", "--domain", "https://bot.example.com")
    assert (code, out) == (2, "")
    assert err.startswith("--domain should be a name")


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_is_written_and_told_file_by_file(run, kind, tmp_path):
    into = tmp_path / "new"
    code, out, err = run(
        "deploy", kind, "--domain", "bot.example.com", "--gateways", "2", "--into", str(into)
    )
    assert (code, err) == (0, "")
    there = {str(file) for file in into.rglob("*") if file.is_file()}
    assert set(out.splitlines()) == there - {str(into / ".hongyan-deploy")}


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_folder_is_asked_for_by_name(run, kind):
    code, out, err = run("deploy", kind, "--domain", "bot.example.com")
    assert (code, out) == (2, "")
    assert "--into FOLDER" in err


def test_another_file_is_unknown(run):
    with pytest.raises(SystemExit):
        run("deploy", "apache")
