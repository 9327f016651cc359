"""Between channel and engine, once for all channels: accept durably, run in order, deliver."""
