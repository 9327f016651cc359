"""Several gateways on one database behind nginx, of which any may die, stand still or be cut off."""
