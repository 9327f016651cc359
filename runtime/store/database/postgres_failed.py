"""What PostgreSQL says, in words about what to do."""

import asyncio

import asyncpg

from runtime.errors import StoreCode, StoreFailed
from runtime.lang import Text
from runtime.store.database.postgres_url import Url

OLDEST = 15
"""The version of PostgreSQL that is needed."""

LOST = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TargetServerAttributeNotMatched,
)
"""The connection is of no use any more; another one may be."""
PASSED_BY = (asyncpg.CannotConnectNowError, asyncpg.TargetServerAttributeNotMatched)
"""Another host of the same address may be the one."""
AGAIN = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
    asyncpg.InternalClientError,  # rows have a column more than before, since a newer program runs beside
)
"""Everything was undone, and it may go well if it is done again."""
RAISED = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError)
"""All that a connection raises."""
STORE = (asyncpg.InsufficientResourcesError, asyncpg.PostgresSystemError, asyncpg.InternalServerError)
"""The server cannot keep it."""

_GIVEN_UP = Text(
    "这个进程太久没有动静，它的工作已由别的进程接手",
    "this process showed no sign of life for too long, and others took over its work",
)
POOLED = Text(
    "中间的连接池（如 pgbouncer）在事务模式，会换掉连接：请直接连数据库，"
    "或改成会话模式（pool_mode = session）",
    "a pooler such as pgbouncer in transaction mode stands between: give the database's own address, "
    "or let it use session mode (pool_mode = session)",
)
_NEEDED = Text(
    "鸿雁需要 PostgreSQL 15 或更新的版本，UTF8 编码，可写的主库",
    "Hongyan needs PostgreSQL 15 or newer, encoding UTF8, and a primary that can be written to",
)


def is_lost(error: BaseException) -> bool:
    # asyncpg raises InterfaceError for wrong arguments too, as a kind of ValueError or TypeError
    return isinstance(error, LOST) and not isinstance(error, ValueError | TypeError)


def failed(url: Url, error: BaseException) -> StoreFailed:
    code: StoreCode = "gone" if is_lost(error) else "disk"
    return _of(url, because(error), str(error) or type(error).__name__, code)


def other(url: Url, why: Text, code: StoreCode = "tables") -> StoreFailed:
    return _of(url, why, "", code)


def given_up(url: Url) -> StoreFailed:
    return _of(url, _GIVEN_UP, "", "given_up")


def needed(url: Url, what: str) -> StoreFailed:
    return _of(url, _NEEDED, what, "tables")


def _of(url: Url, why: Text, said: str, code: StoreCode) -> StoreFailed:
    text = Text("数据库 {url}：{why}{said}。", "The database {url}: {why}{said}.")
    return StoreFailed(
        text.fill(url=url.shown, why=why, said=f" ({said})" if said else ""),
        code=code,
        retryable=code == "gone",
    )


def because(error: BaseException) -> Text:
    return next((text for kinds, text in _WHY if isinstance(error, kinds)), _UNKNOWN)


_UNKNOWN = Text("写不进去", "it cannot be written to")
_WHY: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Text], ...] = (
    (
        (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError),
        Text(
            "用户名或密码不对，或者不允许从这里登录", "user or password is wrong, or may not log in from here"
        ),
    ),
    (
        asyncpg.InvalidCatalogNameError,
        Text("没有这个数据库，请先创建", "there is no such database: create it first"),
    ),
    (
        asyncpg.InsufficientPrivilegeError,
        Text(
            "权限不够：请让这个用户能在数据库里创建 schema，或拥有这个 schema",
            "missing rights: let this user create schemas in the database, or own this schema",
        ),
    ),
    (
        (
            asyncpg.ProtocolViolationError,
            asyncpg.DuplicatePreparedStatementError,
            asyncpg.InvalidSQLStatementNameError,
        ),
        POOLED,
    ),
    (
        asyncpg.TooManyConnectionsError,
        Text("连接用完了，请调大 max_connections", "it has no connections left: raise max_connections"),
    ),
    (
        (asyncpg.ClientConfigurationError, asyncpg.UndefinedObjectError, asyncpg.InvalidParameterValueError),
        Text("地址里有一项设置不对", "a setting in its address is wrong"),
    ),
    (asyncpg.CannotConnectNowError, Text("正在启动或停止", "it is starting or stopping")),
    (
        (asyncpg.ReadOnlySQLTransactionError, asyncpg.TargetServerAttributeNotMatched),
        Text("只读，请连主库", "it is read-only: give the primary's address"),
    ),
    (asyncpg.DiskFullError, Text("磁盘满了", "its disk is full")),
    (
        (OSError, asyncio.TimeoutError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError),
        Text("连不上，请检查地址和网络", "it cannot be reached: check address and network"),
    ),
)
