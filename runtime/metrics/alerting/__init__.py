"""What is worth being woken for: rules for Prometheus, and the runbook's first steps, from one table."""
