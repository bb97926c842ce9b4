// Step 6: any regime, any parameter. What is made here runs unchanged in the program, with the same numbers.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { look, outcomes, WrongConfig, type Batch, type Config } from '../batch';
import { Figure, Histogram } from '../chart';
import { changed, teaching } from '../configs';
import { Caveat, Progress, useBatch } from '../controls';
import type { About, Mistake, Parameter } from '../engine';
import type { Reading } from '../worker';
import { dollars, percent, quantile, show, whole, wilson } from '../numbers';
import { choose, choices, number, seed, text } from '../state';
import { t } from '../words';

const PREFIX = 'sandbox.set';
const MEASURES = ['harm_musd', 'first_catastrophe_year', 'freedom_0_exercisable', 'freedom_1a_exercisable', 'surveillance_share', 'benefit'];
const SHOWN = 25;

/** The config of what was chosen: the teaching regimes with other regimes and parameters. */
export function sandboxConfig(): Config {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(choices.value)) {
    if (name.startsWith(`${PREFIX}/`)) values[name.slice(PREFIX.length)] = asValue(value);
  }
  return changed(teaching.regimes, {
    '/title': 'From the sandbox',
    '/seed': seed.value,
    '/experiment/regimes': chosenRegimes(),
    '/experiment/replicates': number('sandbox.replicates', 20, 1, 500),
    ...values,
  });
}

const asValue = (value: number | string): unknown => (value === 'true' ? true : value === 'false' ? false : value);

const chosenRegimes = (): string[] => text('sandbox.regimes', 'closed_open-weights-permissive').split('_').filter((name) => name !== '');

export function Sandbox({ about }: { about: About | undefined }) {
  const living = useBatch();
  const [reading, setReading] = useState<Reading>();
  const [mistakes, setMistakes] = useState<Mistake[]>([]);
  const config = useMemo(sandboxConfig, [choices.value, seed.value]);
  const asText = JSON.stringify(config, null, 1);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      look(config).then(
        (found) => { if (current) { setReading(found); setMistakes([]); } },
        (error: unknown) => { if (current) setMistakes(error instanceof WrongConfig ? error.mistakes : [{ pointer: '', line: 0, column: 0, message: String(error) }]); },
      );
    }, 250);
    return () => { current = false; clearTimeout(timer); };
  }, [asText]);
  return (
    <>
      <p class="lead">{t('sandboxLead')}</p>
      <RegimeChoice about={about} />
      <label class="choice">
        {t('replicates')}{' '}
        <input type="number" min="1" max="500" value={number('sandbox.replicates', 20, 1, 500)} onChange={(event) => choose('sandbox.replicates', Math.min(500, Math.max(1, Math.round(Number(event.currentTarget.value) || 1))))} />
      </label>
      <label class="choice">
        {t('seed')}{' '}
        <input type="number" min="0" value={seed.value} onChange={(event) => { const value = Number(event.currentTarget.value); if (Number.isSafeInteger(value) && value >= 0) seed.value = value; }} />
      </label>
      <Parameters parameters={reading?.parameters ?? []} mistakes={mistakes} />
      {mistakes.length > 0 && (
        <ul class="mistakes" role="alert">{mistakes.map((mistake) => <li key={mistake.pointer + mistake.message}><code>{mistake.pointer}</code> {mistake.message}</li>)}</ul>
      )}
      <p>
        <button type="button" class="go" disabled={mistakes.length > 0 || chosenRegimes().length === 0 || living.running} onClick={() => living.start(config)}>{t('live')}</button>{' '}
        {living.running && <button type="button" onClick={living.stop}>{t('stop')}</button>}{' '}
        <button type="button" onClick={() => download('sandbox.json', `${asText}\n`, 'application/json')}>{t('downloadConfig')}</button>{' '}
        <button type="button" disabled={!living.batch || living.running} onClick={() => download('sandbox.csv', csv(living.batch!), 'text/csv')}>{t('downloadCsv')}</button>
      </p>
      <p class="hint">{t('sandboxSame')} <code>fingers run sandbox.json && fingers info sandbox.h5 --digest</code></p>
      <Progress living={living} />
      {living.batch && <Results batch={living.batch} />}
      <Caveat>{t('sandboxCaveat')}</Caveat>
    </>
  );
}

function RegimeChoice({ about }: { about: About | undefined }) {
  const chosen = chosenRegimes();
  const toggle = (name: string): void => {
    const next = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
    choose('sandbox.regimes', next.join('_'));
  };
  return (
    <fieldset class="regimes">
      <legend>{t('regimesChoice')}</legend>
      {(about?.regimes ?? []).map(({ name, text: regime }) => (
        <label key={name} title={regime.note}>
          <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
}

const changeable = (parameter: Parameter): boolean =>
  parameter.type !== 'other' && !/^\/(schema_version|seed|seeds|experiment|output)(\/|$)/.test(parameter.pointer) && !/\/\d+(\/|$)/.test(parameter.pointer);

function Parameters({ parameters, mistakes }: { parameters: Parameter[]; mistakes: Mistake[] }) {
  const [wanted, setWanted] = useState('');
  const set = Object.keys(choices.value).filter((name) => name.startsWith(`${PREFIX}/`));
  const words = wanted.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found = parameters.filter(changeable).filter((parameter) => {
    if (words.length === 0) return set.includes(PREFIX + parameter.pointer);
    const told = `${parameter.pointer} ${parameter.meaning}`.toLowerCase();
    return words.every((word) => told.includes(word));
  });
  return (
    <fieldset class="parameters">
      <legend>{t('parametersTitle', { n: whole(parameters.filter(changeable).length) })}</legend>
      <label class="choice">{t('search')} <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} /></label>
      <ul>
        {found.slice(0, SHOWN).map((parameter) => (
          <ParameterRow key={parameter.pointer} parameter={parameter} wrong={mistakes.some((mistake) => mistake.pointer === parameter.pointer)} />
        ))}
      </ul>
      <p role="status">{words.length > 0 ? t('found', { n: whole(found.length), shown: whole(Math.min(SHOWN, found.length)) }) : t('changedCount', { n: whole(set.length) })}</p>
    </fieldset>
  );
}

function ParameterRow({ parameter, wrong }: { parameter: Parameter; wrong: boolean }) {
  const name = PREFIX + parameter.pointer;
  const value = choices.value[name];
  const range = parameter.belief_low !== null && parameter.belief_high !== null ? `${show(parameter.belief_low)} – ${show(parameter.belief_high)}` : '';
  return (
    <li class={value === undefined ? '' : 'changed'}>
      <label>
        <code>{parameter.pointer}</code>
        {parameter.type === 'flag'
          ? <input type="checkbox" checked={String(value ?? parameter.value) === 'true'} onChange={(event) => choose(name, String(event.currentTarget.checked))} />
          : (
            <input
              type="number"
              step="any"
              aria-invalid={wrong}
              value={String(value ?? parameter.value ?? '')}
              onChange={(event) => choose(name, event.currentTarget.value === '' ? undefined : Number(event.currentTarget.value))}
            />
          )}
        <span class="unit">{parameter.unit}</span>
      </label>
      <p>
        {parameter.meaning}
        {range && ` · ${t('plausible')} ${range}`}
        {parameter.source && ` · ${parameter.source === 'assume' ? t('belief') : parameter.source}`}
        {value !== undefined && <button type="button" class="small" onClick={() => choose(name, undefined)}>{t('asBefore')}</button>}
      </p>
    </li>
  );
}

function Results({ batch }: { batch: Batch }) {
  const measure = MEASURES.includes(text('sandbox.measure')) ? text('sandbox.measure') : 'harm_musd';
  const column = batch.schema.outcomes.find((outcome) => outcome.name === measure);
  return (
    <>
      <label class="choice">
        {t('measure')}{' '}
        <select value={measure} onChange={(event) => choose('sandbox.measure', event.currentTarget.value)}>
          {MEASURES.map((name) => <option key={name} value={name}>{name}</option>)}
        </select>{' '}
        <span class="hint">{column?.meaning}</span>
      </label>
      {batch.design.points.map((point, place) => (
        <OneRegime key={point.name} name={point.name} colour={(place % 7) + 1} values={outcomes(batch, place, measure)} all={batch.design.points.flatMap((_, other) => outcomes(batch, other, measure))} measure={measure} />
      ))}
    </>
  );
}

function OneRegime({ name, colour, values, all, measure }: { name: string; colour: number; values: number[]; all: number[]; measure: string }) {
  const isYear = measure.endsWith('_year');
  const said = (value: number): string => (measure.endsWith('_musd') ? dollars(value) : isYear ? value.toFixed(1) : show(value));
  const there = values.filter((value) => !Number.isNaN(value));
  const bars = histogram(there, all.filter((value) => !Number.isNaN(value)));
  const count = there.length;
  const says = isYear
    ? t('histogramYear', { count, n: values.length, share: percent(count / Math.max(1, values.length)), low: percent(wilson(count, values.length)[0]), high: percent(wilson(count, values.length)[1]) })
    : t('histogramSays', { n: values.length, low: said(quantile(there, 0.05)), median: said(quantile(there, 0.5)), high: said(quantile(there, 0.95)) });
  return (
    <Figure title={name} says={says} table={{ head: [t('from'), t('to'), t('worlds')], rows: bars.map((bar) => [said(bar.from), said(bar.to), bar.count]) }}>
      <Histogram bars={bars} axis={bars.length > 0 ? `${said(bars[0]!.from)} – ${said(bars.at(-1)!.to)}` : '–'} colour={colour} />
    </Figure>
  );
}

/** Twenty bars over the range of all regimes; logarithmic where it spans over a decade. */
function histogram(values: number[], all: number[]): { from: number; to: number; count: number }[] {
  if (all.length === 0) return [];
  const low = Math.min(...all);
  const high = Math.max(...all);
  const log = low > 0 && high / low > 10;
  const ends = Array.from({ length: 21 }, (_, n) => (log ? low * (high / low) ** (n / 20) : low + ((high - low) * n) / 20));
  return ends.slice(1).map((to, n) => {
    const from = ends[n]!;
    const last = n === 19;
    return { from, to, count: values.filter((value) => value >= from && (last ? true : value < to)).length };
  });
}

/** One row a run, one column an outcome, as `fingers export` names them; an empty cell is "none". */
function csv(batch: Batch): string {
  const names = batch.schema.outcomes.map((column) => column.name);
  const head = ['point', 'regime', 'replicate', ...names];
  const rows = batch.worlds.flatMap((world) =>
    world ? [[world.point, batch.design.points[world.point]!.regime, world.replicate, ...Array.from(world.outcomes, (value) => (Number.isNaN(value) ? '' : value))].join(',')] : [],
  );
  return `${[head.join(','), ...rows].join('\n')}\n`;
}

function download(name: string, content: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
