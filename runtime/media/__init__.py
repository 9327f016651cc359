"""Pictures, voice, video and files: what they really are, where they are kept, how they are converted."""
