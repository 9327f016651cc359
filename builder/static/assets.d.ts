// What bundle.py makes: the names, below static/, of what the pages ask for.

export const texts: Record<string, string>;
