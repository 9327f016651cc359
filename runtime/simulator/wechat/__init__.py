"""WeChat's side, played: accounts, API host, phones."""
