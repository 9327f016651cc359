// What bundle.py makes: the names, below static/, of what the pages ask for, and which languages there are.

export const languages: { code: string; name: string; locale: string }[];
export const texts: Record<string, string>;
