"""Several publications, which no control store holds."""

from dataclasses import dataclass, field

from runtime.gateway.applications import NoApplications
from runtime.gateway.canaries import NoCanaries
from runtime.gateway.debug_words import NoDebugWords
from runtime.gateway.grants import GrantsInMemory
from runtime.gateway.one_publication import OneJoining


@dataclass
class Book:
    """By id, in the order in which they were made."""

    records: dict = field(default_factory=dict)

    @classmethod
    def of(cls, *publications):
        return cls({one.id: one for one in publications})

    def publication(self, id):
        return self.records.get(id)

    def publications(self):
        return list(self.records.values())

    def unreadable(self):
        return {}

    grants, applications, joinings = GrantsInMemory(), NoApplications(), OneJoining()
    canaries, debug_words = NoCanaries(), NoDebugWords()

    def channel_settings(self, id):
        return self.records[id].settings

    def former_settings(self, id):
        return {}

    def frozen_agent(self, id, version):
        return self.records[id].agent
