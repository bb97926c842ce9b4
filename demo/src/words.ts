// Words of the page in the reader's language; src/text has one file for each.
import { de } from './text/de';
import { en, type Key, type Words } from './text/en';
import { language, type Language } from './state';

const all: Record<Language, Words> = { en, de };

/** A text with its places filled: "{n} worlds" and { n: 3 } give "3 worlds". */
export function t(key: Key, places: Record<string, string | number> = {}): string {
  return all[language.value][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(places[name] ?? whole));
}
