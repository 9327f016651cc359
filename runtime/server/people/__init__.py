"""People who come by themselves, from a page or an app of ours: who they are, and what is theirs."""
