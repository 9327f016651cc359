"""Words that somebody listed, found in a text however they are disguised, at their places in it.

Found by ahocorasick-rs, all lists at once: how many words there are costs nothing. Most of the time goes into
making the texts comparable, 2 µs a character.
"""
