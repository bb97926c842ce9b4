// Small statistics, and numbers as words of a language.
import { language } from './state';

/** Wilson's 95 % interval of a probability (Wilson 1927). */
export function wilson(count: number, n: number): [low: number, high: number] {
  if (n === 0) return [0, 1];
  const z = 1.959964;
  const p = count / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return [count === 0 ? 0 : Math.max(0, centre - half), count === n ? 1 : Math.min(1, centre + half)];
}

/** A quantile, linear between order statistics (Hyndman and Fan's type 7); NaN of nothing. */
export function quantile(values: number[], at: number): number {
  const ordered = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (ordered.length === 0) return NaN;
  const place = at * (ordered.length - 1);
  const below = Math.floor(place);
  const low = ordered[below]!;
  return low + (place - below) * ((ordered[below + 1] ?? low) - low);
}

/** A median with a 95 % interval between order statistics (normal approximation of their ranks); none of fewer than 6. */
export function median(values: number[]): { value: number; low: number; high: number } {
  const ordered = [...values].sort((a, b) => a - b);
  const n = ordered.length;
  const value = quantile(ordered, 0.5);
  if (n < 6) return { value, low: NaN, high: NaN };
  const low = Math.max(0, Math.floor(n / 2 - 0.98 * Math.sqrt(n)) - 1);
  return { value, low: ordered[low]!, high: ordered[n - 1 - low]! };
}

/** A mean with its 95 % interval (normal; n in the dozens). */
export function mean(values: number[]): { value: number; low: number; high: number } {
  const n = values.length;
  const value = values.reduce((sum, x) => sum + x, 0) / n;
  const variance = values.reduce((sum, x) => sum + (x - value) ** 2, 0) / (n - 1);
  const half = 1.96 * Math.sqrt(variance / n);
  return n < 2 ? { value, low: NaN, high: NaN } : { value, low: value - half, high: value + half };
}

/** Three digits, in the language of the page. */
export function show(value: number): string {
  if (Number.isNaN(value)) return '–';
  const digits = { maximumSignificantDigits: 3 };
  return new Intl.NumberFormat(language.value, digits).format(value);
}

export function percent(share: number): string {
  if (Number.isNaN(share)) return '–';
  const small = share > 0 && share < 0.1;
  return new Intl.NumberFormat(language.value, {
    style: 'percent',
    maximumFractionDigits: small ? 2 : 0,
  }).format(share);
}

/** Millions of dollars, in the unit that reads best. */
export function dollars(musd: number): string {
  if (Number.isNaN(musd)) return '–';
  const format = new Intl.NumberFormat(language.value, {
    notation: 'compact',
    style: 'currency',
    currency: 'USD',
    maximumSignificantDigits: 3,
  });
  return format.format(musd * 1e6);
}

export function whole(value: number): string {
  return new Intl.NumberFormat(language.value).format(value);
}
