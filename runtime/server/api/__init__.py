"""The HTTP APIs: our own and OpenAI's, with keys and limits."""
