// What a reader can move: sliders, bets, buttons; and what every step shows.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { live, WrongConfig, type Batch, type Config } from './batch';
import { whole } from './numbers';
import { t } from './words';

export function Slider({ label, value, low, high, step, show, onInput }: {
  label: string;
  value: number;
  low: number;
  high: number;
  step: number;
  show: (value: number) => string;
  onInput: (value: number) => void;
}) {
  return (
    <label class="slider">
      <span>{label}</span>
      <input
        type="range"
        min={low}
        max={high}
        step={step}
        value={value}
        aria-valuetext={show(value)}
        onInput={(event) => onInput(Number(event.currentTarget.value))}
      />
      <output>{show(value)}</output>
    </label>
  );
}

/** One of a few answers, to be given before the reveal. */
export function Bet({ question, answers, value, onBet }: {
  question: string;
  answers: [word: string, text: string][];
  value: string;
  onBet: (word: string) => void;
}) {
  return (
    <fieldset class="bet">
      <legend>{question}</legend>
      {answers.map(([word, answer]) => (
        <label key={word}>
          <input type="radio" name={question} checked={value === word} onChange={() => onBet(word)} />
          {answer}
        </label>
      ))}
    </fieldset>
  );
}

export function Caveat({ children }: { children: ComponentChildren }) {
  return <aside class="caveat"><strong>{t('leavesOut')}</strong> {children}</aside>;
}

export interface Living {
  batch: Batch | undefined;
  running: boolean;
  problem: string;
  start: (config: Config, events?: boolean) => void;
  stop: () => void;
}

/** A batch of a step: lived when it is started, stopped when the step is left or started again. */
export function useBatch(): Living {
  const [batch, setBatch] = useState<Batch>();
  const [running, setRunning] = useState(false);
  const [problem, setProblem] = useState('');
  const work = useRef<AbortController | undefined>(undefined);
  const stop = (): void => {
    work.current?.abort(new DOMException('stopped', 'AbortError'));
    setRunning(false);
  };
  useEffect(() => stop, []);
  const start = (config: Config, events = false): void => {
    stop();
    const mine = new AbortController();
    work.current = mine;
    setProblem('');
    setRunning(true);
    live(config, (now) => !mine.signal.aborted && setBatch(now), { events, signal: mine.signal })
      .catch((error: unknown) => {
        if (mine.signal.aborted) return;
        setProblem(error instanceof WrongConfig ? error.message : String(error));
      })
      .finally(() => !mine.signal.aborted && setRunning(false));
  };
  return { batch, running, problem, start, stop };
}

/** How far a batch is, for eyes and ears; and the digest by which its numbers can be held to the program's. */
export function Progress({ living }: { living: Living }) {
  const { batch, running, problem } = living;
  const total = batch ? batch.worlds.length : 0;
  return (
    <div class="progress">
      {running && <progress max={total || 1} value={batch?.done ?? 0} aria-label={t('progress')} />}
      <p role="status">
        {problem
          ? `${t('problem')} ${problem}`
          : running
            ? batch ? t('lived', { done: whole(batch.done), total: whole(total) }) : t('starting')
            : batch ? t('livedAll', { total: whole(total), seconds: batch.seconds.toFixed(1) }) : ''}
      </p>
      {!running && batch?.digest && <p class="digest">{t('digest')} <code>{batch.digest}</code></p>}
    </div>
  );
}
