// The page: one step after another, each with a question before its reveal.
import { signal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { unpack, Engine, type About } from './engine';
import { packedModule } from './generated/module';
import { Claims } from './parts/claims';
import { Eyeballs } from './parts/eyeballs';
import { Finger } from './parts/finger';
import { Fingers } from './parts/fingers';
import { Mind } from './parts/mind';
import { Regimes } from './parts/regimes';
import { Sandbox } from './parts/sandbox';
import { choices, followState, language, languages, linkedVersion, step, steps, type Step } from './state';
import './style.css';
import { t } from './words';

const about = signal<About | undefined>(undefined);
const keysShown = signal(false);
const versionOf = (): string => (about.value ? `${about.value.version}-${about.value.results_version}` : '');

async function tellAbout(): Promise<void> {
  about.value = (await Engine.of(await unpack(packedModule))).about();
}

function go(by: number): void {
  const next = steps[steps.indexOf(step.value) + by];
  if (next) step.value = next;
}

function Content({ at }: { at: Step }) {
  switch (at) {
    case 'finger': return <Finger />;
    case 'fingers': return <Fingers />;
    case 'eyeballs': return <Eyeballs />;
    case 'regimes': return <Regimes />;
    case 'mind': return <Mind />;
    case 'sandbox': return <Sandbox about={about.value} />;
    case 'claims': return <Claims />;
  }
}

function onKey(event: KeyboardEvent): void {
  const target = event.target as HTMLElement;
  if (event.altKey || event.ctrlKey || event.metaKey || ['INPUT', 'SELECT', 'TEXTAREA'].includes(target.tagName)) return;
  if (event.key === 'PageDown' || event.key === 'ArrowRight' || event.key === 'n') go(1);
  else if (event.key === 'PageUp' || event.key === 'ArrowLeft' || event.key === 'p') go(-1);
  else if (event.key === '?') keysShown.value = !keysShown.value;
  else if (/^[1-7]$/.test(event.key)) step.value = steps[Number(event.key) - 1]!;
  else return;
  event.preventDefault();
}

function App() {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(false);
  const at = step.value;
  const place = steps.indexOf(at);
  useEffect(() => {
    document.documentElement.lang = language.value;
    document.title = `${t(`${at}Title0`)} · ${t('title')}`;
    if (shown.current) heading.current?.focus();
    shown.current = true;
    scrollTo(0, 0);
  }, [at, language.value]);
  const others = linkedVersion && versionOf() && linkedVersion !== versionOf();
  return (
    <>
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); heading.current?.focus(); }}>{t('skip')}</a>
      <header>
        <p class="brand">{t('title')}<span> {t('subtitle')}</span></p>
        <div class="languages" role="group" aria-label={t('languages')}>
          {languages.map((name) => (
            <button key={name} type="button" lang={name} aria-pressed={language.value === name} onClick={() => { language.value = name; }}>
              {{ en: 'English', de: 'Deutsch' }[name]}
            </button>
          ))}
        </div>
      </header>
      <nav aria-label={t('steps')}>
        <ol>
          {steps.map((name, n) => (
            <li key={name}>
              <button type="button" aria-current={name === at ? 'step' : undefined} onClick={() => { step.value = name; }}>
                <span class="number">{n + 1}</span> <span class="name">{t(`${name}Title0`)}</span>
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <main id="main">
        {others && <p class="warning" role="alert">{t('otherVersion', { theirs: linkedVersion ?? '', ours: versionOf() })}</p>}
        <h1 ref={heading} tabIndex={-1}><span class="number">{place + 1}</span> {t(`${at}Title0`)}</h1>
        <Content at={at} key={at} />
        <p class="steps">
          <button type="button" disabled={place === 0} onClick={() => go(-1)}>{t('back')}</button>
          <button type="button" class="go" disabled={place === steps.length - 1} onClick={() => go(1)}>{t('next')}</button>
        </p>
      </main>
      <footer>
        <p>
          <button type="button" class="small" aria-expanded={keysShown.value} onClick={() => { keysShown.value = !keysShown.value; }}>{t('keys')}</button>
          {' '}
          <button type="button" class="small" onClick={() => { choices.value = {}; location.reload(); }}>{t('forget')}</button>
        </p>
        {keysShown.value && <p role="status">{t('keysText')}</p>}
        <p>{t('foot', { version: versionOf() || '…' })}</p>
      </footer>
    </>
  );
}

addEventListener('keydown', onKey);
addEventListener('hashchange', () => {
  // A link that was pasted into an open page; our own changes do not raise this event.
  location.reload();
});
followState(versionOf);
tellAbout().catch((error: unknown) => { document.body.prepend(String(error)); });
render(<App />, document.getElementById('app')!);
