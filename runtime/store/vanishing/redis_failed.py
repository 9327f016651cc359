"""What Redis or Valkey says, in words about what to do."""

import ssl

from redis import exceptions as said

from runtime.lang import Text, as_it_is

_SLOT = (said.AskError, said.ClusterError, said.ClusterCrossSlotError)
TLS = Text(
    "TLS 没有谈成：加密的端口写 rediss://，不加密的写 redis://；自己的证书用 ?ssl_ca_certs=文件",
    "TLS was not agreed on: rediss:// for a port with TLS, redis:// for one without; your own certificate "
    "with ?ssl_ca_certs=file",
)
_PASSWORD = Text("用户名或密码不对，或者没有写密码", "user or password is wrong, or no password is given")
_RIGHTS = Text(
    "权限不够：这个用户要能读写这个前缀的键，并能发布和订阅",
    "missing rights: this user has to read and write the keys of this prefix, to publish and to subscribe",
)
_CLUSTER = Text(
    "这是集群的一个节点，请给一台不在集群里的，或集群前面的代理",
    "it is a node of a cluster: give one that is in none, or the cluster's proxy",
)
_READ_ONLY = Text("只读，请连主库", "it is read-only: give the primary's address")
_FULL = Text(
    "内存满了，请调大 maxmemory，或把 maxmemory-policy 设成 allkeys-lru",
    "its memory is full: raise maxmemory, or set maxmemory-policy to allkeys-lru",
)
_OTHER = Text(
    "那里不是 Redis，或者它只接受 TLS（rediss://）", "it is no Redis, or it takes only TLS (rediss://)"
)
_STARTING = Text("正在启动", "it is starting")
_GONE = Text(
    "连不上，请检查地址和网络；只接受 TLS 的写 rediss://",
    "it cannot be reached: check address and network, and write rediss:// for one that takes only TLS",
)

_WHY: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Text], ...] = (
    ((said.AuthenticationError, said.AuthenticationWrongNumberOfArgsError), _PASSWORD),
    ((said.NoPermissionError, said.AuthorizationError), _RIGHTS),
    (_SLOT, _CLUSTER),
    (said.ReadOnlyError, _READ_ONLY),
    (said.OutOfMemoryError, _FULL),
    (said.BusyLoadingError, _STARTING),
    (said.InvalidResponse, _OTHER),
    ((said.ConnectionError, said.TimeoutError, OSError, EOFError), _GONE),
)


def why(error: BaseException) -> Text:
    if any(isinstance(one, ssl.SSLError) or "SSL" in str(one) for one in _behind(error)):
        return TLS
    if isinstance(error, said.ResponseError) and "cluster" in str(error).lower():
        return _CLUSTER
    found = next((text for kinds, text in _WHY if isinstance(error, kinds)), None)
    return found or as_it_is(f"{type(error).__name__}: {error}"[:200])


def _behind(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and len(found) < 10:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found
