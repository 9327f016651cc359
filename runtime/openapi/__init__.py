"""Other people's interfaces by their descriptions (OpenAPI 3.0, 3.1, Swagger 2): operations, as tools.

A description is hostile bytes: it is read by a process of its own (`process`), which can reach nobody.
"""
