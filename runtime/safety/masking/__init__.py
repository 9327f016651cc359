"""What tells who somebody is, found by rules and replaced: alike everywhere, by something of the same kind.

By rules of our own: libraries for it bring a model for each language (presidio: spaCy, 500 MB and more), or
know no Chinese names, addresses and numbers (scrubadub, datafog).
"""
