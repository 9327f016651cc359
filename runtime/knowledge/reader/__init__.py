"""The process that reads one source: `python -m runtime.knowledge.reader`, and nothing of it outlives that.

It gets one open file and says what is in it, a line of JSON a thing. It may use so much time and memory, can
write nothing and reach nobody: what it reads may be made to take it over.
"""
