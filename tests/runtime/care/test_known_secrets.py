"""No secret is shown to whoever helps, of whatever kind it is and however it stands in a setting."""

import io
import json
import zipfile

import pytest

from runtime.access.users import Users
from runtime.care.known_secrets import sealed
from runtime.care.site import Site
from runtime.care.support import bundle
from runtime.checkup.check import Finding
from runtime.lang import as_it_is
from runtime.models.providers import Endpoint, MoreKey
from runtime.settings import Settings
from runtime.store.control.control import Control
from runtime.store.control.key_rotation import SEALED, rotated
from runtime.store.control.records import Publication
from runtime.store.control.sso_records import ProviderRecord
from runtime.store.control.user_records import SecondFactorRecord

STAMP = "2026-11-30 18:00:00,123"


def shown(site, text):
    """All that whoever helps sees, where a line of the log and a finding say that."""
    log = [f"{STAMP} ERROR runtime.models: refused {text} there"]
    findings = [Finding("models", as_it_is("x"), False, as_it_is(f"refused {text} there"))]
    with zipfile.ZipFile(io.BytesIO(bundle(site, findings, log))) as archive:
        return {name.rpartition("/")[2]: archive.read(name).decode() for name in archive.namelist()}


IN_SETTINGS = {
    "a secret of digits": ("HONGYAN_S3_SECRET", "481516", "481516"),
    "a secret that is a switch elsewhere": ("HONGYAN_BACKUP_S3_SECRET", "warning", "warning"),
    "a header's": ("HONGYAN_TRACES_HEADERS", "x-team=a,Authorization=Basic p-k:hush!hush", "p-k:hush!hush"),
    "a header's whole": ("HONGYAN_TRACES_HEADERS", "x-team=hush!!", "hush!!"),
    "a proxy's of one host": ("HONGYAN_PLATFORM_PROXY", "a.org=http://u:hush!!@px:1,direct", "hush!!"),
    "one in a query": ("HONGYAN_DATABASE_URL", "postgresql://h/d?user=x&password=hu%21sh!!", "hu!sh!!"),
    "one with a quote": ("HONGYAN_PASSWORD", 'so"hush\\it', 'so"hush\\it'),
    "in JSON": ("HONGYAN_SIGN_IN", '{"secret": "hush hush"}', "hush hush"),
}


@pytest.mark.parametrize("kind", IN_SETTINGS)
def test_a_secret_of_the_environment_is_shown_nowhere(tmp_path, kind):
    name, value, secret = IN_SETTINGS[kind]
    site = Site(Settings(home=tmp_path), Control.in_folder(tmp_path / "data"), {name: value}, root=tmp_path)
    made = shown(site, secret)
    log, finding = made["log.txt"], json.loads(made["doctor.jsonl"])["says"]
    assert secret not in log
    assert secret not in finding
    assert json.loads(made["settings.json"])[name].removesuffix("…") in ("set", "postgresql://")
    assert "refused" in log


def planted(folder):
    """Something sealed of each kind, by its secret."""
    control = Control.in_folder(folder / "data")
    control.save_publication(
        Publication(id="shop-1", agent="shop", channel="wechat", account="wx1", version=1, created_at=1.0,
                    settings={"url": "https://h/?k=hush!query"}, former_at=1.0,
                    secrets=control.seal("shop-1", {"token": "hush!token"}),
                    former=control.seal("shop-1", {"token": "hush!former"}))
    )  # fmt: skip
    for secret in ("hush!before", "hush!application"):
        control.applications.save("wecom", "corp", {"a": "b"}, {"secret": secret}, ["secret"])
    control.save_endpoint(Endpoint(name="m", provider="deepseek", api_key="hush!endpoint"))
    control.model_endpoints.put_key("m", MoreKey(name="second", api_key="hush!second"), "owner")
    control.secrets.put("erp", "hush!named\nhush!line")
    control.grants.keep("one", {"refresh": "hush!refresh"}, 1.0, token="hush!access", until=9e9)
    control.grants.change("two", code="hush!code")
    factors = control.second_factors
    factors.put(SecondFactorRecord(id="owner", secret=factors.seal("owner", "hush!factor")))
    secret = control.sso.seal("idp", "hush!sso")
    control.sso.rows.put(ProviderRecord(id="idp", kind="oidc", name="x", client_id="x", secret=secret))
    Users(control).set_password("owner", "long enough")
    control.token_keys.newest(1.0)
    return control


KINDS = (
    "hush!token", "hush!former", "hush!application", "hush!before", "hush!endpoint", "hush!second",
    "hush!line", "hush!refresh", "hush!access", "hush!code", "hush!factor", "hush!sso", "hush!query",
)  # fmt: skip


def test_what_is_kept_sealed_is_shown_nowhere_of_whatever_kind(tmp_path):
    site = Site(Settings(home=tmp_path), planted(tmp_path), {}, root=tmp_path)
    made = shown(site, " ".join(KINDS))
    assert [one for one in KINDS if any(one in text for text in made.values())] == []


def test_whatever_is_sealed_in_the_control_is_known(tmp_path):
    planted(tmp_path)
    files = (tmp_path / "data" / "control").glob("*.json")
    there = [one for path in files if "previous" not in path.name for one in SEALED.findall(path.read_text())]
    assert len(set(sealed(tmp_path / "data", ""))) == len(there)


def test_each_key_of_the_installation_counts(tmp_path):
    control = planted(tmp_path)
    rotated(tmp_path / "data")
    site = Site(Settings(home=tmp_path), control, {}, root=tmp_path)
    for key in (tmp_path / "data" / "secret.key").read_text().split():
        half = key.removeprefix("marks:")
        assert key not in json.loads(shown(site, key)["doctor.jsonl"])["says"]
        assert half not in shown(site, key)["doctor.jsonl"]
