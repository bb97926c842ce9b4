// The whole state of the page, which is also its link: everything a reader chose stands behind the "#".
import { effect, signal } from '@preact/signals';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

export const steps = ['finger', 'fingers', 'eyeballs', 'regimes', 'mind', 'sandbox', 'claims'] as const;
export type Step = (typeof steps)[number];

/** Reveals, sliders and bets, by name; numbers and short words only, so that a link stays short. */
export type Choices = Record<string, number | string>;

const fromLink = new URLSearchParams(location.hash.slice(1));
const first = (navigator.language || 'en').slice(0, 2);
const named = <T extends string>(list: readonly T[], word: string | null, other: T): T =>
  list.find((item) => item === word) ?? other;

export const language = signal<Language>(named(languages, fromLink.get('lang'), named(languages, first, 'en')));
export const step = signal<Step>(named(steps, fromLink.get('step'), 'finger'));
/** 0 to 2^53: the seed of all batches of the page. */
export const seed = signal<number>(validSeed(fromLink.get('seed')));
export const choices = signal<Choices>(readChoices(fromLink));
/** The engine of the link, when it came with one. */
export const linkedVersion = fromLink.get('engine');

function validSeed(text: string | null): number {
  const value = Number(text ?? NaN);
  return Number.isSafeInteger(value) && value >= 0 ? value : 20240726;
}

function readChoices(link: URLSearchParams): Choices {
  const found: Choices = {};
  for (const [name, value] of link) {
    if (!name.includes('.')) continue;
    found[name] = value !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
  }
  return found;
}

/** A choice that is a number, within bounds; `other` while none was made. */
export function number(name: string, other: number, low = -Infinity, high = Infinity): number {
  const value = choices.value[name];
  return typeof value === 'number' ? Math.min(high, Math.max(low, value)) : other;
}

export function text(name: string, other = ''): string {
  const value = choices.value[name];
  return value === undefined ? other : String(value);
}

export function choose(name: string, value: number | string | undefined): void {
  const next = { ...choices.value };
  if (value === undefined) delete next[name];
  else next[name] = value;
  choices.value = next;
}

export function link(version: string): string {
  const told = new URLSearchParams({ step: step.value, lang: language.value, seed: String(seed.value) });
  if (version) told.set('engine', version);
  for (const name of Object.keys(choices.value).sort()) told.set(name, String(choices.value[name]));
  return `#${told.toString()}`;
}

/** Keeps the address up to date without a history of every slider. */
export function followState(version: () => string): void {
  effect(() => {
    const next = link(version());
    if (location.hash !== next) history.replaceState(null, '', next);
  });
}
