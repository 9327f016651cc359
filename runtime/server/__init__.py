"""HTTP and WebSocket: routes, login, limits."""
