// The configs of the steps: those of configs/teaching, with what the reader chose put in.
import beliefs from '../../configs/teaching/beliefs.json';
import eyeballs from '../../configs/teaching/eyeballs.json';
import fingers from '../../configs/teaching/fingers.json';
import regimes from '../../configs/teaching/regimes.json';
import type { Config } from './batch';

export const teaching = { beliefs, eyeballs, fingers, regimes } as unknown as Record<'beliefs' | 'eyeballs' | 'fingers' | 'regimes', Config>;

/** A copy of a config with values put at JSON pointers; objects on the way are made. */
export function changed(config: Config, values: Record<string, unknown>): Config {
  const copy = structuredClone(config);
  for (const [pointer, value] of Object.entries(values)) {
    const names = pointer.split('/').slice(1);
    const last = names.pop()!;
    let place = copy as Record<string, unknown>;
    for (const name of names) {
      if (typeof place[name] !== 'object' || place[name] === null) place[name] = {};
      place = place[name] as Record<string, unknown>;
    }
    place[last] = value;
  }
  return copy;
}
