"""What servers of unknown manners send, read tolerantly: whole or in pieces, by OpenAI's form or nearly."""
