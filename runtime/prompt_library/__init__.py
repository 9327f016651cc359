"""The owner's prompt templates as people work on them: versions, who uses one, a better wording."""
