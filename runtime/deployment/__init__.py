"""The files that bring this installation somewhere: a service, a proxy, containers, a cluster."""
