"""What runs without a person: agents, the engine, channels, the gateway and the stores."""
