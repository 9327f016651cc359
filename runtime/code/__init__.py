"""Python of an agent's owner, in processes of its own that can read and reach nothing."""
