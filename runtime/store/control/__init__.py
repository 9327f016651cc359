"""Small records in TinyDB files: publications, endpoints, secrets, options."""
