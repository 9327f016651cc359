"""More than a password: codes from an app, what stands in for them, passkeys, and who has to have them."""
