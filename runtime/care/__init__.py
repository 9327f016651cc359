"""How an installation is looked after: what is to be mended, what may be shown, how it is taken away."""
