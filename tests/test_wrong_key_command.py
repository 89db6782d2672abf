"""Under a master key that is not the one, nothing starts; what finds that out and mends it does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import Result

from dhr_app.adapters.keys import add_key
from dhr_app.casework.house import at_work, open_house
from dhr_app.settings import load
from tests.adapters.vault_server import VaultServer
from tests.commands import Dhr
from tests.reviews import County

pytestmark = pytest.mark.slow  # each begins servers

SAID = (
    "The master key of these settings does not open what lies in the keystore (keys: 1): put the right one back,"
    " or run `dhr keys recover` with two recovery shares.\n"
)
GONE = (
    "development.key is not there: put it back; a new one is made by `dhr init` while the keystore holds nothing, and"
    " by `dhr keys recover` with two recovery shares.\n"
)
STARTING = (
    "serve", "work", "keys rotate --yes", "keys rotate --yes --master", "keys escrow --out {tmp}/more", "remind",
    "report steering --as-at 2026-05-01", "dates {reference}", "audit checkpoint", "audit export {tmp}/trail", "demo",
    "dispose {reference}",
)  # fmt: skip


@dataclass
class Sealed:
    """An installation with one review in it, whose keys are wrapped and have recovery shares."""

    run: Dhr
    environ: dict[str, str]
    tmp: Path
    also: dict[str, str] = field(default_factory=dict)
    reference: str = ""

    def dhr(self, words: str) -> Result:
        """Run a command as it would be typed."""
        return self.run(*words.format(tmp=self.tmp, reference=self.reference).split(), **self.also)

    @property
    def shares(self) -> str:
        """Two of them, as the commands take them."""
        return " ".join(f"--share {file}" for file in sorted((self.tmp / "shares").iterdir())[:2])

    @property
    def keystore(self) -> bytes:
        return (self.tmp / "instance/keystore.db").read_bytes()

    def wsgi(self) -> subprocess.CompletedProcess[str]:
        """What a WSGI server does first."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("DHR_")}
        return subprocess.run(
            [sys.executable, "-c", "import wsgi"],
            env={**inherited, **self.environ, **self.also, "PYTHONPATH": "."},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def begin(self) -> Sealed:
        """Make it."""
        assert self.dhr("init").exit_code == 0
        house = open_house(load({**self.environ, **self.also}))
        with at_work(house):
            self.reference = County(house).notified().reference
        house.database.dispose()
        assert self.dhr("keys escrow --out {tmp}/shares").exit_code == 0
        assert self.dhr("check").exit_code == 0
        return self


@pytest.fixture
def developing(dhr: Dhr, environ: dict[str, str], tmp_path: Path) -> Sealed:
    """Under the development key."""
    return Sealed(dhr, environ, tmp_path).begin()


@pytest.fixture
def master(tmp_path: Path) -> Path:
    file = tmp_path / "run/master"
    file.parent.mkdir()
    add_key(file)
    return file


@pytest.fixture
def filed(dhr: Dhr, environ: dict[str, str], tmp_path: Path, master: Path) -> Sealed:
    """Under the key of a credential file."""
    also = {"DHR_KEY_PROVIDER": "credential-file", "DHR_KEY_CREDENTIAL": str(master)}
    return Sealed(dhr, environ, tmp_path, also).begin()


@pytest.fixture
def server() -> VaultServer:
    return VaultServer()


@pytest.fixture
def in_vault(dhr: Dhr, environ: dict[str, str], tmp_path: Path, server: VaultServer) -> Iterator[Sealed]:
    """Under a transit key of Vault."""
    token = tmp_path / "token"
    token.write_text(server.token)
    token.chmod(0o600)
    with server.running() as url:
        also = {"DHR_KEY_PROVIDER": "vault-transit", "DHR_KEY_URL": url, "DHR_KEY_NAME": "dhr"}
        yield Sealed(dhr, environ, tmp_path, {**also, "DHR_KEY_CREDENTIAL": str(token)}).begin()


@pytest.fixture
def replaced(filed: Sealed, master: Path) -> Sealed:
    """The credential file was replaced by another, with another key."""
    master.rename(master.with_suffix(".right"))
    add_key(master)
    return filed


def test_no_command_works_under_a_replaced_key(replaced: Sealed) -> None:
    before = replaced.keystore
    for command in STARTING:
        refused = replaced.dhr(command)
        assert (refused.exit_code, refused.output) == (2, SAID), command
    assert replaced.keystore == before


def test_no_server_serves_under_a_replaced_key_and_it_does_once_the_right_one_is_back(
    replaced: Sealed, master: Path
) -> None:
    refused = replaced.wsgi()
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", SAID)
    master.with_suffix(".right").rename(master)
    served = replaced.wsgi()
    assert (served.returncode, served.stderr) == (0, "")


def test_what_finds_it_out_or_does_not_need_the_key_works_on(replaced: Sealed) -> None:
    assert "1 keys are under another master key" in replaced.dhr("keys status").output
    for command in ("init", "keys status", "keystore apply-tombstones", "audit verify", "audit verify --deep"):
        answer = replaced.dhr(command)
        assert answer.exit_code == 0, (command, answer.output)


def test_the_check_is_red_in_the_same_words(replaced: Sealed) -> None:
    answer = replaced.dhr("check --json")
    assert answer.exit_code == 1
    findings = {each["question"]: each for each in json.loads(answer.output)["findings"]}
    assert (findings["keystore"]["good"], findings["keystore"]["sentence"]) == (False, SAID.strip())
    assert f"RED   {SAID}" in replaced.dhr("check").output


def test_two_shares_put_everything_under_the_new_key_and_all_starts_again(replaced: Sealed) -> None:
    before = replaced.keystore
    proved = replaced.dhr(f"keys escrow --prove {{reference}} {replaced.shares}")
    assert proved.exit_code == 0, proved.output
    assert replaced.dhr("dates {reference}").exit_code == 2
    recovered = replaced.dhr(f"keys recover --yes {replaced.shares}")
    assert (recovered.exit_code, recovered.output[:7]) == (0, "1 keys ")
    assert replaced.keystore != before
    assert replaced.dhr("dates {reference}").exit_code == 0
    assert replaced.dhr("check").exit_code == 0


def test_both_master_keys_must_be_there_until_all_keys_are_under_the_new_one(filed: Sealed, master: Path) -> None:
    add_key(master)
    house = open_house(load({**filed.environ, **filed.also}))
    with at_work(house):
        County(house).notified()
    house.database.dispose()
    assert filed.dhr("dates {reference}").exit_code == 0
    both = master.read_text()
    for lost in (0, 1):
        master.write_text(both.splitlines()[1 - lost])
        refused = filed.dhr("dates {reference}")
        assert (refused.exit_code, refused.output) == (2, SAID)
    master.write_text(both)
    assert filed.dhr("keys rotate --yes --master").exit_code == 0
    master.write_text(both.splitlines()[1])
    assert filed.dhr("dates {reference}").exit_code == 0


def test_a_development_key_that_is_gone_is_asked_for_and_not_made_anew(developing: Sealed) -> None:
    key = developing.tmp / "instance/development.key"
    right, before = key.read_bytes(), developing.keystore
    key.unlink()
    for command in (*STARTING, "init", "keys status"):
        refused = developing.dhr(command)
        assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", GONE), command
        assert not key.exists()
    assert developing.keystore == before
    key.write_bytes(right)
    key.chmod(0o600)
    assert developing.dhr("dates {reference}").exit_code == 0


def test_without_its_development_key_no_server_serves_and_the_check_is_red(developing: Sealed) -> None:
    key = developing.tmp / "instance/development.key"
    key.unlink()
    refused = developing.wsgi()
    assert (refused.returncode, refused.stdout, refused.stderr) == (2, "", GONE)
    checked = developing.dhr("check")
    assert checked.exit_code == 1
    assert f"RED   {GONE}" in checked.output
    assert not key.exists()
    assert developing.dhr(f"keys recover --yes {developing.shares}").exit_code == 0
    assert developing.dhr("check").exit_code == 0


def test_a_development_key_is_made_by_init_while_nothing_lies_in_the_keystore(
    dhr: Dhr, environ: dict[str, str], tmp_path: Path
) -> None:
    key = tmp_path / "instance/development.key"
    for _ in range(2):
        assert dhr("init").exit_code == 0
        assert dhr("audit", "checkpoint").exit_code == 0
        key.unlink()
        refused = dhr("audit", "checkpoint")
        assert (refused.exit_code, refused.output) == (2, GONE)


def test_another_vault_whose_key_has_the_same_name_is_refused_by_command_and_server(
    in_vault: Sealed, server: VaultServer
) -> None:
    assert in_vault.dhr("dates {reference}").exit_code == 0
    server.versions[:] = [os.urandom(32)]
    for command in ("dates {reference}", "serve", "work"):
        refused = in_vault.dhr(command)
        assert (refused.exit_code, refused.output) == (2, SAID)
    refused_server = in_vault.wsgi()
    assert (refused_server.returncode, refused_server.stderr) == (2, SAID)


def test_a_vault_that_is_away_for_a_moment_stops_no_start_and_the_check_says_so(
    in_vault: Sealed, server: VaultServer
) -> None:
    server.sealed = True
    assert in_vault.dhr("dates {reference}").exit_code == 0
    assert (in_vault.wsgi().returncode, in_vault.wsgi().stderr) == (0, "")
    checked = in_vault.dhr("check")
    assert checked.exit_code == 1
    assert "RED   Vault is sealed or standing by: nobody can open anything." in checked.output
    server.sealed = False
    assert in_vault.dhr("check").exit_code == 0


def test_a_vault_token_that_is_missing_is_named_as_what_is_missing(
    in_vault: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VAULT_TOKEN", raising=False)
    del in_vault.also["DHR_KEY_CREDENTIAL"]
    refused = in_vault.dhr("dates {reference}")
    assert refused.exit_code == 2
    assert refused.output == "Vault’s token is missing: name its file in key_credential, or set VAULT_TOKEN.\n"
