"""Look after accounts at their platforms: seldom, in threads, over the one way out that all calls take."""
