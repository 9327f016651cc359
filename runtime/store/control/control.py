"""What is small and rarely written: publications, model endpoints, API keys, the owner, options."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from runtime.errors import BadSettings, NotFound, NotSaved
from runtime.lang import Text
from runtime.locks import named_lock
from runtime.models.providers import Endpoint
from runtime.models.senses import UsualModels
from runtime.store.control.applications import Applications
from runtime.store.control.atomic import private_folder
from runtime.store.control.beside_publications import beside_publications
from runtime.store.control.channel_settings import ChannelSettings
from runtime.store.control.default_model import after_removing, after_saving
from runtime.store.control.grants import Grants
from runtime.store.control.joinings import Joinings
from runtime.store.control.model_endpoints import ModelEndpoints
from runtime.store.control.model_policy import NAMED, ModelPolicy
from runtime.store.control.named_secrets import NamedSecrets
from runtime.store.control.records import (
    ApiKey,
    Application,
    Contact,
    Grant,
    Joining,
    KeyUse,
    Options,
    OwnerRecord,
    Publication,
    SealedEndpoint,
    SealedSecret,
    Seen,
    Version,
)
from runtime.store.control.retention_days import RetentionDays
from runtime.store.control.sealed_factors import SealedFactors
from runtime.store.control.sealed_owner import SealedOwner
from runtime.store.control.secrets import SecretBox
from runtime.store.control.sso import Sso
from runtime.store.control.table import Table
from runtime.store.control.token_keys import TokenKey, TokenKeys
from runtime.store.control.user_records import (
    PasskeyRecord,
    RoleRecord,
    RoleRule,
    SecondFactorRecord,
    SignIn,
    UserLimit,
    UserRecord,
)
from runtime.store.control.versions import Versions

log = logging.getLogger(__name__)


class Control:
    """Reading costs microseconds and sees what other processes wrote; writing about 1 ms. Thread-safe.

    Every method may raise Unreadable (a damaged file) and, when it writes, NotSaved.
    """

    def __init__(self, folder: Path, box: SecretBox) -> None:
        """Raises BadSettings when none of the stored credentials was sealed with a key that `box` has.

        One that does not open is told in the log, and stops only what needs it.
        """
        private_folder(folder)
        self._box, self.home = box, folder.parent.parent
        self._publications = Table(folder / "publications.json", Publication)
        self._versions = Versions(folder / "versions")
        self._contacts = Table(folder / "contacts.json", Contact)
        self.canaries, self.debug_words, self.shadows = beside_publications(folder, box)
        self.applications = Applications(
            Table(folder / "applications.json", Application), self._publications, box
        )
        self.grants = Grants(Table(folder / "grants.json", Grant), box, partial(named_lock, folder / "locks"))
        self._settings = ChannelSettings(self._publications, self.applications, box)
        self.joinings = Joinings(Table(folder / "joinings.json", Joining), self._publications, self.seal)
        self.model_endpoints = ModelEndpoints(Table(folder / "endpoints.json", SealedEndpoint), box)
        self.policy = ModelPolicy(
            folder, self.model_endpoints, self.default_model, lambda: self.options().zone
        )
        """What was decided about models beyond where they are asked."""
        self._options = Table(folder / "options.json", Options, must=True)
        self.keys = Table(folder / "keys.json", ApiKey)  # see runtime.access.keys
        self.key_uses = Table(folder / "key_uses.json", KeyUse, anew=True)
        self.owner = SealedOwner(Table(folder / "owner.json", OwnerRecord, must=True), box)
        """What signs the cookies of all who sign in."""
        self.users = Table(folder / "users.json", UserRecord, must=True)
        """See runtime.access.users."""
        self.user_limits = Table(folder / "user_limits.json", UserLimit)
        self.roles = Table(folder / "roles.json", RoleRecord)
        self.sign_ins = Table(folder / "sign_ins.json", SignIn, anew=True)
        self.role_rules = Table(folder / "role_rules.json", RoleRule, must=True)
        self.second_factors = SealedFactors(
            Table(folder / "second_factors.json", SecondFactorRecord, must=True), box
        )
        """See runtime.access.second."""
        self.passkeys = Table(folder / "passkeys.json", PasskeyRecord)
        self.sso = Sso(folder, box)
        """See runtime.access.sso."""
        self.secrets = NamedSecrets(Table(folder / "secrets.json", SealedSecret), box)
        self.token_keys = TokenKeys(Table(folder / "token_keys.json", TokenKey), box)
        self._retention = Table(folder / "retention.json", RetentionDays)
        self.seen = Table(folder / "seen.json", Seen, anew=True)
        """What each person has read of what they were told."""
        if (older := folder / "versions.json").exists():
            with self._publications.exclusive():
                self._versions.take_over(older)
        self.owner.move_to(self.users)
        self._reseal()

    @classmethod
    def in_folder(cls, data: Path, secret_key: str = "") -> "Control":
        """The control of an installation's `data` folder. Raises BadSettings about the sealing key."""
        private_folder(data)
        folder = private_folder(data / "control")
        box = SecretBox.in_folder(data, secret_key, is_new=not any(folder.glob("*.json")))
        return cls(folder, box)

    def retention(self) -> RetentionDays:
        return self._retention.get("retention") or RetentionDays()

    def save_retention(self, retention: RetentionDays) -> None:
        self._retention.put(retention)

    def publication(self, id: str) -> Publication | None:
        return self._publications.get(id)

    def publications(self) -> list[Publication]:
        """Oldest first, also those that were unpublished."""
        return list(self._publications.all().values())

    def unreadable(self) -> Mapping[str, Text]:
        """Publications whose records cannot be read, by id, and why."""
        return {id: text for id, (_, text) in self._publications.unreadable().items()}

    def save_publication(self, publication: Publication) -> None:
        self._publications.put(publication)

    def channel_settings(self, id: str) -> dict[str, Any]:
        """The publication's settings, secrets opened. Raises NotFound; BadSettings if one does not open."""
        return self._settings.opened(id)

    def former_settings(self, id: str) -> dict[str, Any]:
        """Those that were changed lately, as they were, opened. Raises BadSettings if one does not open."""
        return self._settings.former(id)

    def known_settings(self, id: str) -> dict[str, Any]:
        """Like channel_settings, without the secrets that do not open: those are to be entered again."""
        return self._settings.known(id)

    def unreadable_of(self, agent: str) -> Mapping[str, Text]:
        """Those of one agent, as far as that can be told."""
        rows = self._publications.unreadable().items()
        return {id: text for id, (row, text) in rows if row.get("agent", agent) == agent}

    def seal(self, publication: str, values: Mapping[str, str]) -> dict[str, str]:
        """Secrets of one publication, by field; they open nowhere else."""
        return self._settings.seal(publication, values)

    def mark(self, what: str) -> str:
        """What only this installation can make of it; see SecretBox."""
        return self._box.mark(what)

    def marks_of(self, what: str) -> list[str]:
        """By each key that it has or had before, the one of `mark` first."""
        return self._box.marks_of(what)

    def is_mark(self, what: str, given: str) -> bool:
        """Whether it is of this installation, by a key that it has or had before."""
        return self._box.is_mark(what, given)

    def versions(self, publication: str) -> list[Version]:
        """Oldest first."""
        return self._versions.of(publication)

    def version(self, publication: str, number: int) -> Version | None:
        return self._versions.find(publication, number)

    def frozen_agent(self, id: str, version: int) -> Mapping[str, Any]:
        """The agent's JSON as it was published. Raises NotFound."""
        found = self._versions.find(id, version)
        if found is None:
            raise NotFound(
                Text("「{id}」没有第 {version} 版。", "{id!r} has no version {version}.").fill(
                    id=id, version=version
                )
            )
        return found.agent

    def freeze(self, publication: str, agent: Mapping[str, Any], note: str = "", *, by: str = "") -> Version:
        """Keep an agent as the publication's next version."""
        with self._publications.exclusive():
            number = self._versions.next_number(publication)
            version = Version(
                id=f"{publication}.{number}",
                publication=publication,
                number=number,
                agent=dict(agent),
                at=time.time(),
                by=by,
                note=note,
            )
            self._versions.put(version)
        return version

    def note_version(self, publication: str, number: int, note: str, *, by: str = "") -> None:
        """Say what a version is for; what it holds stays. Raises NotFound."""
        with self._publications.exclusive():
            self._versions.note(publication, number, note, by)

    def contact(self, publication: str) -> Contact:
        """When the platform first reached it."""
        return self._contacts.get(publication) or Contact(id=publication)

    def save_contact(self, contact: Contact) -> None:
        self._contacts.put(contact)

    def find(self, name: str) -> Endpoint | None:
        """The model endpoint of that name. Raises BadSettings when its key does not open."""
        return self.model_endpoints.find(name)

    def endpoints(self) -> list[Endpoint]:
        """One whose key does not open is listed without it, so that the owner can enter it again."""
        return self.model_endpoints.all()

    def save_endpoint(self, endpoint: Endpoint, *, by: str = "") -> None:
        """An endpoint without a key keeps the stored one, unless it now asks somebody else.

        Raises BadSettings when its name is one with rules.
        """
        if self.policy.is_route(endpoint.name):
            raise BadSettings(NAMED.fill(name=endpoint.name), field="name")
        self.model_endpoints.save(endpoint, by)
        self.choose_default(after_saving(self.default_model(), endpoint), by=by)

    def remove_endpoint(self, name: str, *, by: str = "") -> None:
        """Raises NotFound."""
        self.model_endpoints.remove(name)
        self.choose_default(after_removing(self.default_model(), name, self.endpoints()), by=by)

    def choose_default(self, model: str, *, by: str = "") -> None:
        """`provider/model`, a name with rules, or "" for none. Raises BadSettings about a circle."""
        self.policy.check_default(model)
        if model != self.default_model():
            self.save_options(self.options().model_copy(update={"default_model": model, "by": by}))

    def default_model(self) -> str:
        """`provider/model`, or "" when the owner chose none."""
        return self.options().default_model

    def usual_models(self) -> UsualModels:
        return self.options().usual

    def options(self) -> Options:
        return self._options.get("options") or Options()

    def public_url(self, fixed: str) -> str:
        """Where the world reaches us: `fixed` by the environment, else as it was entered, else ""."""
        return fixed or self.options().public_url

    def save_options(self, options: Options) -> None:
        self._options.put(options)

    def _reseal(self) -> None:
        """Open everything once; seal anew what an older key sealed.

        Where nothing opens, the key is the wrong one, and that is told at start. Where one thing does not,
        that one is damaged.
        """
        opened, closed = 0, list[BadSettings]()
        own = (self.owner.reseal, self.secrets.reseal, self.sso.reseal, self.applications.reseal)
        more = (self.grants.reseal, self.second_factors.reseal, self.token_keys.reseal)
        for reseal in (*own, *more, *self._resealing()):
            try:
                opened += reseal()
            except BadSettings as e:
                closed.append(e)
            except NotSaved as e:
                log.warning("an older key's secrets stay as they are: %s", e.text.en)
        wrong = next((e for e in closed if e.code == "wrong_key"), None)
        if wrong and not opened:
            raise wrong
        for error in closed:
            log.error("%s", error.text.en)
        self.owner.renew_damaged_session()

    def _resealing(self) -> Iterator[Callable[[], int]]:
        for publication in self.publications():
            yield partial(self._settings.reseal, publication)
        yield from self.model_endpoints.resealing()
