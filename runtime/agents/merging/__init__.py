"""Two people's work on one agent, made one."""
