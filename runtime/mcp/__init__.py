"""Servers of tools that speak MCP, asked by us: over HTTP (`over_http`), or programs here (`over_pipes`).

Ours and small: the official client (32 MB, its own HTTP library) would go past the guard of runtime/network.
"""
