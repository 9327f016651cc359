"""What is the owner's, as it stands in `Agent.holds`."""

from runtime.lang import Text

NO_PUBLICATION = Text(
    "主人没有允许这个智能体通过发布「{id}」发消息。请告诉用户这件事现在做不了。",
    "The owner of this agent has not allowed it to write through the publication {id!r}. Tell the person "
    "that this cannot be done now.",
)


def secret(name: str, host: str) -> str:
    """As it stands in `Agent.holds`. `host`: with its port, where the address has one."""
    return f"secret:{name}@{host.lower()}"


def base(id: str) -> str:
    return f"base:{id}"


def publication(id: str) -> str:
    return f"publication:{id}"
