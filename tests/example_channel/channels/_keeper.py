"""Letters that the post's keeper answers by hand, and crumbs for who lands there."""

from runtime.channels import ApiRequest, Greets, HandsOver, Standings
from runtime.errors import SendFailed
from runtime.lang import Text

STANDINGS = Standings(
    {"free": {"queued"}, "queued": {"keeper"}, "keeper": {"over"}, "over": set()},
    with_agent={"free"},
    with_human={"queued", "keeper"},
)
UNKNOWN = Text("鸽站没有收下。", "The pigeon post did not take it.")


class Keeper(Greets, HandsOver):
    desk_seconds = 600
    refused_at_desk = frozenset({"keeper"})
    standings = STANDINGS
    at_desk = "queued"
    given_back = "over"

    @property
    def hands_over(self):
        return self.settings.sends

    def standing(self, to):
        return ApiRequest("/keeper", query={"of": to})

    def stands(self, answer):
        self.pushed(answer)
        if answer.data.get("standing") not in {*STANDINGS.steps}:
            raise SendFailed(UNKNOWN, code="unreadable")
        return answer.data["standing"]

    def move(self, to, state):
        return ApiRequest("/keeper", {"to": to, "standing": state})

    def moved(self, answer):
        self.pushed(answer)

    def greet(self, part, message, key):
        crumb = message.data.get("welcome")
        return ApiRequest("/crumb", {"crumb": crumb, "text": part, "key": key}) if crumb else None
