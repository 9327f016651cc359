"""Finding passages: by their words, by what they mean, and by both together."""
