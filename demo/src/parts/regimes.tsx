// Step 4: five regimes on the same draws; harm against freedom, year by year.
import { useEffect, useState } from 'preact/hooks';
import { outcomes, series, story, worldsOf, type Batch } from '../batch';
import { Chart, Figure, type Drawn } from '../chart';
import { changed, teaching } from '../configs';
import { Bet, Caveat, Progress, Slider, useBatch } from '../controls';
import type { Story } from '../engine';
import { dollars, mean, median, percent, quantile, whole, wilson } from '../numbers';
import { choose, number, seed, text } from '../state';
import { t } from '../words';

const FREEDOMS = ['freedom_0_exercisable', 'freedom_1a_exercisable', 'freedom_1b_exercisable', 'freedom_3_exercisable'] as const;
type Freedom = (typeof FREEDOMS)[number];
const TOLERABLE = 0.1;

export function Regimes() {
  const living = useBatch();
  const [playing, setPlaying] = useState(false);
  const revealed = number('regimes.revealed', 0) === 1;
  const freedom = (FREEDOMS.find((name) => name === text('regimes.freedom')) ?? 'freedom_1a_exercisable') as Freedom;
  const run = (): void => {
    choose('regimes.revealed', 1);
    living.start(configOf());
  };
  useEffect(() => {
    if (revealed) run();
  }, []);
  const batch = living.batch;
  const years = batch ? Math.round(batch.design.steps * batch.design.dt_years) : 10;
  const year = number('regimes.year', years, 1, years);
  useEffect(() => {
    if (!playing) return undefined;
    if (year >= years) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => choose('regimes.year', year + 1), 700);
    return () => clearTimeout(timer);
  }, [playing, year]);
  return (
    <>
      <p class="lead">{t('regimesLead')}</p>
      <Bet
        question={t('regimesQuestion')}
        answers={[['less', t('regimesLess')], ['more', t('regimesMore')], ['unclear', t('regimesUnclear')]]}
        value={text('regimes.bet')}
        onBet={(word) => choose('regimes.bet', word)}
      />
      <p><button type="button" class="go" disabled={text('regimes.bet') === '' || living.running} onClick={run}>{t('reveal')}</button></p>
      {batch && batch.design.points.every((_, place) => worldsOf(batch, place).length > 0) && (
        <>
          <label class="choice">
            {t('whichFreedom')}{' '}
            <select value={freedom} onChange={(event) => choose('regimes.freedom', event.currentTarget.value)}>
              {FREEDOMS.map((name) => <option key={name} value={name}>{t(name)}</option>)}
            </select>
          </label>
          <Plane batch={batch} freedom={freedom} year={year} />
          <Slider label={t('byTheEndOf')} value={year} low={1} high={years} step={1} show={(value) => String(Math.floor(batch.design.start_year + value - 1))} onInput={(value) => choose('regimes.year', value)} />
          <p><button type="button" onClick={() => { choose('regimes.year', 1); setPlaying(true); }}>{t('playYears')}</button></p>
          <Absolute batch={batch} />
          <Relative batch={batch} />
          {!living.running && <StoryOf batch={batch} />}
          <p class="reveal">{t('regimesReveal')}</p>
        </>
      )}
      {revealed && <Progress living={living} />}
      <Caveat>{t('regimesCaveat')}</Caveat>
    </>
  );
}

const configOf = () => changed(teaching.regimes, { '/seed': seed.value });

/** Harm so far and freedom so far of a world, by the end of a year from the start. */
function soFar(batch: Batch, point: number, freedom: Freedom, year: number): { harm: number[]; free: number[] } {
  const months = Math.round(year / batch.design.dt_years);
  const worlds = worldsOf(batch, point);
  const add = (values: Float32Array): number => values.subarray(0, months).reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
  return {
    harm: worlds.map((world) => add(series(batch, world, 'harm_musd'))),
    free: worlds.map((world) => add(series(batch, world, freedom)) / months),
  };
}

function Plane({ batch, freedom, year }: { batch: Batch; freedom: Freedom; year: number }) {
  const rows = batch.design.points.map((point, place) => {
    const { harm, free } = soFar(batch, place, freedom, year);
    return { regime: point.regime, harm: median(harm), free: median(free), n: harm.length };
  });
  const drawn: Drawn[] = rows.map((row, place) => ({
    label: row.regime,
    colour: place + 1,
    as: 'points',
    // Regimes of equal freedom stand side by side, else one would hide the other.
    places: [{ x: Math.max(0, row.free.value + 0.014 * (place - (rows.length - 1) / 2)), y: Math.max(1, row.harm.value), low: Math.max(1, row.harm.low), high: row.harm.high }],
  }));
  const n = rows[0]?.n ?? 0;
  // The same axis for all years, so that only the points move.
  const medians = (of: (place: number) => number[]): number[] => batch.design.points.map((_, place) => quantile(of(place), 0.5));
  const low = Math.max(1, Math.min(...medians((place) => soFar(batch, place, freedom, 1).harm)) / 3);
  const high = Math.max(10 * low, Math.max(...medians((place) => outcomes(batch, place, 'harm_musd'))) * 3);
  return (
    <Figure
      title={t('planeTitle')}
      says={t('planeSays', { year: Math.floor(batch.design.start_year + year - 1), n: whole(n) })}
      legend={drawn}
      table={{
        head: [t('regime'), t(freedom), t('harmMedian')],
        rows: rows.map((row) => [row.regime, percent(row.free.value), `${dollars(row.harm.value)} (${dollars(row.harm.low)} – ${dollars(row.harm.high)})`]),
      }}
    >
      <Chart
        x={{ label: t(freedom), low: 0, high: 1, show: percent }}
        y={{ label: t('harmMedian'), low, high, log: true, show: dollars }}
        drawn={drawn}
      />
    </Figure>
  );
}

function Absolute({ batch }: { batch: Batch }) {
  const tolerable = number('regimes.tolerable', TOLERABLE, 0, 1);
  const rows = batch.design.points.map((point, place) => {
    const found = outcomes(batch, place, 'first_catastrophe_year');
    const count = found.filter((year) => !Number.isNaN(year)).length;
    return { regime: point.regime, count, n: found.length, interval: wilson(count, found.length) };
  });
  const above = rows.filter((row) => row.interval[0] > tolerable).length;
  return (
    <section aria-labelledby="absolute">
      <h3 id="absolute">{t('absoluteTitle')}</h3>
      <Slider label={t('tolerable')} value={tolerable} low={0} high={0.6} step={0.01} show={percent} onInput={(value) => choose('regimes.tolerable', value)} />
      <p>{t('absoluteSays', { above, all: rows.length, level: percent(tolerable) })}</p>
      {rows.map((row) => (
        <div class="worlds" key={row.regime}>
          <strong>{row.regime}</strong>
          <span class="icons" aria-hidden="true">
            {Array.from({ length: row.n }, (_, place) => <i key={place} class={place < row.count ? 'bad' : 'good'} />)}
          </span>
          <span>{t('worldsOf', { count: row.count, n: row.n, low: percent(row.interval[0]), high: percent(row.interval[1]) })}</span>
        </div>
      ))}
    </section>
  );
}

function Relative({ batch }: { batch: Batch }) {
  const base = outcomes(batch, 0, 'harm_musd');
  const first = batch.design.points[0]!.regime;
  const cap = [...base].sort((a, b) => a - b)[Math.floor(0.95 * base.length)] ?? 0;
  const rows = batch.design.points.slice(1).map((point, place) => {
    const own = outcomes(batch, place + 1, 'harm_musd');
    const pairs = own.slice(0, base.length).map((harm, n) => Math.min(cap, harm) - Math.min(cap, base[n]!));
    const difference = mean(pairs);
    const clear = difference.low > 0 || difference.high < 0;
    return [point.regime, `${dollars(difference.value)} (${dollars(difference.low)} – ${dollars(difference.high)})`, clear ? t('clear') : t('belowNoise')];
  });
  return (
    <section aria-labelledby="relative">
      <h3 id="relative">{t('relativeTitle', { regime: first })}</h3>
      <p>{t('relativeSays', { cap: dollars(cap) })}</p>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('relativeTitle', { regime: first })}>
        <table>
          <thead><tr><th scope="col">{t('regime')}</th><th scope="col">{t('difference')}</th><th scope="col">{t('sign')}</th></tr></thead>
          <tbody>{rows.map((row) => <tr key={row[0]}><th scope="row">{row[0]}</th><td>{row[1]}</td><td>{row[2]}</td></tr>)}</tbody>
        </table>
      </div>
    </section>
  );
}

/** Why it happened: the worst event of one world, told, and the same moment under another regime. */
function StoryOf({ batch }: { batch: Batch }) {
  const names = batch.design.points.map((point) => point.regime);
  const point = number('regimes.storyPoint', 0, 0, names.length - 1);
  const other = number('regimes.storyOther', 3, 0, names.length - 1);
  const harms = outcomes(batch, point, 'largest_event_musd');
  const worst = harms.indexOf(Math.max(...harms));
  const world = number('regimes.storyWorld', worst, 0, harms.length - 1);
  const [told, setTold] = useState<Story>();
  const [telling, setTelling] = useState(false);
  const tell = (): void => {
    setTelling(true);
    story(configOf(), point, world, other).then(setTold, () => setTold(undefined)).finally(() => setTelling(false));
  };
  return (
    <section aria-labelledby="story">
      <h3 id="story">{t('storyTitle')}</h3>
      <p>{t('storyLead')}</p>
      <label class="choice">
        {t('regime')}{' '}
        <select value={point} onChange={(event) => { choose('regimes.storyPoint', Number(event.currentTarget.value)); choose('regimes.storyWorld', undefined); setTold(undefined); }}>
          {names.map((name, place) => <option key={name} value={place}>{name}</option>)}
        </select>
      </label>
      <label class="choice">
        {t('storyAgainst')}{' '}
        <select value={other} onChange={(event) => { choose('regimes.storyOther', Number(event.currentTarget.value)); setTold(undefined); }}>
          {names.map((name, place) => <option key={name} value={place}>{name}</option>)}
        </select>
      </label>
      <Slider label={t('storyWorld')} value={world} low={0} high={harms.length - 1} step={1} show={(value) => `${value + 1}: ${dollars(harms[value] ?? NaN)}`} onInput={(value) => { choose('regimes.storyWorld', value); setTold(undefined); }} />
      <p><button type="button" disabled={telling} onClick={tell}>{t('storyTell')}</button></p>
      <div role="status" lang="en">
        {told && <Told title={told.title} sentences={told.sentences} />}
        {told?.against && <Told title={t('storyUnder', { regime: told.against.regime })} sentences={told.against.compared} />}
      </div>
    </section>
  );
}

function Told({ title, sentences }: { title: string; sentences: { text: string }[] }) {
  return (
    <article class="story">
      <h4>{title}</h4>
      <ol>{sentences.map((sentence, place) => <li key={place}>{sentence.text}</li>)}</ol>
    </article>
  );
}
