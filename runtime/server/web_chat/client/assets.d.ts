// What scripts.py makes: the sentences by language, which languages there are, and the sheet.

export const languages: { code: string; name: string; locale: string }[];
export const texts: Record<string, Record<string, string>>;
export const sheet: { text: string; path: string };
