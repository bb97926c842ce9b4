// Step 2: thousands press. The reader draws the curve first; then the engine lives it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { outcomes, series, worldsOf, type Batch } from '../batch';
import { Chart, Figure, type Drawn } from '../chart';
import { changed, teaching } from '../configs';
import { Caveat, Progress, Slider, useBatch } from '../controls';
import { percent, whole, wilson } from '../numbers';
import { choose, number, seed, text } from '../state';
import { t } from '../words';

const COUNTS = [100, 500, 1000, 2000, 3000, 5000, 7000, 10000];
/** The chance of one press in configs/teaching/fingers.json: press_scale times the virulence of all flaws, 1. */
const CHANCE = 0.0005;

const bets = (): number[] => {
  const said = text('fingers.bet').split('_').filter((word) => word !== '').map(Number);
  return COUNTS.map((_, place) => Math.min(100, Math.max(0, said[place] ?? 0)));
};

export function Fingers() {
  const living = useBatch();
  const revealed = number('fingers.revealed', 0) === 1;
  const drawn = bets();
  const hasBet = text('fingers.bet') !== '';
  const bet = (place: number, value: number): void =>
    choose('fingers.bet', drawn.map((old, n) => (n === place ? Math.round(value) : old)).join('_'));
  const reveal = (): void => {
    choose('fingers.revealed', 1);
    living.start(changed(teaching.fingers, { '/seed': seed.value }));
  };
  useEffect(() => {
    if (revealed && !living.batch) reveal();
  }, []);
  const found = living.batch ? shares(living.batch) : [];
  const items: Drawn[] = [
    { label: t('yourCurve'), colour: 2, as: 'line', dash: '2 5', places: COUNTS.map((x, place) => ({ x, y: drawn[place]! / 100 })), tag: t('you') },
  ];
  if (revealed) {
    items.push({ label: t('formula'), colour: 7, as: 'line', dash: '8 4', places: curve() });
    items.push({ label: t('engineCurve'), colour: 1, as: 'points', places: found });
  }
  return (
    <>
      <p class="lead">{t('fingersLead')}</p>
      <Dots />
      <p>{revealed ? t('fingersAfter') : t('fingersQuestion')}</p>
      <Figure
        title={t('fingersTitle')}
        says={revealed && living.batch ? t('fingersSays', { one: percent(CHANCE), all: percent(found.at(-1)?.y ?? NaN), n: whole(living.batch.design.replicates) }) : t('fingersDraw')}
        legend={items}
        table={{
          head: [t('people'), t('yourCurve'), t('formula'), t('engineCurve')],
          rows: COUNTS.map((count, place) => [
            whole(count),
            hasBet ? percent(drawn[place]! / 100) : '–',
            revealed ? percent(1 - (1 - CHANCE) ** count) : '?',
            revealed && found[place] ? `${percent(found[place].y)} (${percent(found[place].low!)} – ${percent(found[place].high!)})` : '?',
          ]),
        }}
      >
        <Chart
          x={{ label: t('people'), low: 0, high: 10000, show: whole }}
          y={{ label: t('chanceOfYear'), low: 0, high: 1, show: percent }}
          drawn={items}
          {...(revealed ? {} : { onDraw: (x: number, y: number) => bet(nearest(x), y * 100) })}
        />
      </Figure>
      {!revealed && (
        <fieldset class="sliders">
          <legend>{t('drawByKeyboard')}</legend>
          {COUNTS.map((count, place) => (
            <Slider
              key={count}
              label={t('nPeople', { n: whole(count) })}
              value={drawn[place]!}
              low={0}
              high={100}
              step={1}
              show={(value) => percent(value / 100)}
              onInput={(value) => bet(place, value)}
            />
          ))}
        </fieldset>
      )}
      <p>
        <button type="button" class="go" disabled={!hasBet || living.running} onClick={reveal}>{t('reveal')}</button>
        {' '}
        {revealed && <button type="button" onClick={() => { choose('fingers.revealed', undefined); choose('fingers.bet', undefined); living.stop(); }}>{t('again')}</button>}
      </p>
      {revealed && <Progress living={living} />}
      <Caveat>{t('fingersCaveat')}</Caveat>
    </>
  );
}

const nearest = (x: number): number =>
  COUNTS.reduce((best, count, place) => (Math.abs(count - x) < Math.abs(COUNTS[best]! - x) ? place : best), 0);

const curve = () => Array.from({ length: 101 }, (_, place) => ({ x: place * 100, y: 1 - (1 - CHANCE) ** (place * 100) }));

function shares(batch: Batch) {
  return COUNTS.map((x, point) => {
    const years = outcomes(batch, point, 'first_catastrophe_year');
    const count = years.filter((year) => !Number.isNaN(year)).length;
    const [low, high] = wilson(count, years.length);
    return { x, y: years.length > 0 ? count / years.length : NaN, low, high };
  });
}

/** A year of so many people: how many press in a month and when it goes wrong is the engine's; which dot lights up is for the eye. */
function Dots() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const count = number('fingers.n', 1000, 1, 10000);
  const world = number('fingers.world', 0, 0, 9999);
  const living = useBatch();
  const [said, setSaid] = useState('');
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const play = (): void => {
    const next = living.batch || living.running ? world + 1 : world;
    choose('fingers.world', next);
    living.start(changed(teaching.fingers, {
      '/seed': seed.value + next,
      '/experiment/replicates': 1,
      '/experiment/factors': { '/population/developers/count': { values: [count] } },
    }));
  };
  useEffect(() => {
    const batch = living.batch;
    const whom = canvas.current;
    if (!whom) return undefined;
    const lived = batch && worldsOf(batch, 0)[0];
    if (!batch || !lived) {
      draw(whom, count, 0, false);
      return undefined;
    }
    const actions = series(batch, lived, 'actions');
    const year = outcomes(batch, 0, 'first_catastrophe_year')[0]!;
    const end = Number.isNaN(year) ? 1 : year - batch.design.start_year;
    const done = (): void => {
      draw(whom, count, 0, !Number.isNaN(year));
      setSaid(Number.isNaN(year) ? t('dotsFine', { n: whole(count), presses: whole(total(actions)) }) : t('dotsWrong', { n: whole(count), month: Math.ceil(end * 12) }));
    };
    setSaid('');
    if (still) {
      done();
      return undefined;
    }
    return animate(whom, count, actions, end, done);
  }, [living.batch, count]);
  return (
    <div class="dots">
      <Slider label={t('people')} value={count} low={100} high={10000} step={100} show={whole} onInput={(value) => choose('fingers.n', value)} />
      <canvas ref={canvas} width="1000" height="400" role="img" aria-label={said || t('dotsLabel', { n: whole(count) })} />
      <p><button type="button" onClick={play}>{t('liveYear')}</button> <span role="status">{said}</span></p>
    </div>
  );
}

const total = (months: Float32Array): number => months.reduce((sum, value) => sum + value, 0);

/** Twelve months in six seconds; answers how to stop it. */
function animate(canvas: HTMLCanvasElement, count: number, actions: Float32Array, end: number, done: () => void): () => void {
  const began = performance.now();
  const frames: number[] = [];
  let request = 0;
  let before = 0;
  const frame = (now: number): void => {
    const years = (now - began) / 6000;
    if (years >= end) {
      done();
      return;
    }
    const month = Math.min(actions.length - 1, Math.floor(years * 12));
    const lit = (actions[month] ?? 0) * (years - before) * 12;
    before = years;
    frames.push(now);
    canvas.dataset['frames'] = String(frames.length);
    canvas.dataset['milliseconds'] = String(now - frames[0]!);
    draw(canvas, count, lit, false);
    request = requestAnimationFrame(frame);
  };
  request = requestAnimationFrame(frame);
  return () => cancelAnimationFrame(request);
}

function draw(canvas: HTMLCanvasElement, count: number, lit: number, wrong: boolean): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const style = getComputedStyle(canvas);
  const { width, height } = canvas;
  const columns = Math.ceil(Math.sqrt((count * width) / height));
  const cell = width / columns;
  const size = Math.max(1.5, cell * 0.62);
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = style.getPropertyValue(wrong ? '--c2' : '--dot');
  const dot = (place: number): void =>
    pen.fillRect((place % columns) * cell + (cell - size) / 2, Math.floor(place / columns) * cell + (cell - size) / 2, size, size);
  for (let place = 0; place < count; place += 1) dot(place);
  pen.fillStyle = style.getPropertyValue('--c1');
  const flashes = Math.floor(lit * 6 + Math.random());
  for (let n = 0; n < flashes; n += 1) dot(Math.floor(Math.random() * count));
}
