"""Who talks out, and how: public addresses, reach, proxies, platforms' APIs."""
