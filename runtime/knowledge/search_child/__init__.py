"""A process of its own for what needs much memory and a core: it puts texts into numbers and compares them.

It shares nothing with who started it but the socket and the files of the bases. What goes over the socket is
one JSON object a line, both ways, answered in the order of asking:

    {"do": "encode", "texts": […]}                                  {"vectors": [base64 of float16 …]}
    {"do": "fill", "path": …, "most": passages}                     {"filled": n, "left": n}
    {"do": "nearest", "path": …, "vector": … or "text": …, "only": [sources] or null, "most": n}
                                                                    {"nearest": [[passage, cosine] …]}

What cannot be done is answered with {"error": why}. It ends when nobody listens, or nobody asked for long.
"""
