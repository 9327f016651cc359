"""What is to be learnt from what people thought of answers, and from what operators said instead."""
