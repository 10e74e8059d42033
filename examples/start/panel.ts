// The lower part of a panel: shows a session, and controls it.
import type { ConnectConfig } from 'rxjs-ws';
import { fromEvent, type Observable, startWith, tap } from 'rxjs';
import { type Session, sessions } from './session.ts';

/** Adds a connection to a section of the page. Connects when subscribed, and emits the states of the connection. */
export function panel<In, Out>(
  section: HTMLElement,
  config: ConnectConfig<In, Out>,
): Observable<Session<In, Out>> {
  const template = document.querySelector<HTMLTemplateElement>('#connection')!;
  section.append(template.content.cloneNode(true));
  const button = (name: string) => section.querySelector<HTMLButtonElement>(`button[name=${name}]`)!;
  const clicks = (name: string) => fromEvent(button(name), 'click');
  const enable = (name: string, isEnabled: boolean) => {
    button(name).ariaDisabled = String(!isEnabled);
  };

  const show = (session: Session<In, Out>) => {
    const { state } = session;
    section.dataset.state = state;
    section.querySelector('.state')!.textContent = state;
    // Not `disabled`, which would take the focus away. What does not apply is ignored by `sessions`.
    enable('open', state === 'closed');
    enable('close', state === 'open');
    enable('drop', state === 'open' || state === 'closing');
    const end = endOf(session);
    for (const field of section.querySelectorAll<HTMLElement>('[data-close]'))
      field.textContent = end[field.dataset.close!] || '–';
  };

  return sessions(config, {
    open: clicks('open').pipe(startWith('at once')),
    close: clicks('close'),
    drop: clicks('drop'),
  }).pipe(tap(show));
}

function endOf(session: Session<unknown, never>): Record<string, string> {
  if ('error' in session) return { reason: String(session.error) };
  if (!('close' in session)) return {};
  const { code, reason, by, wasClean, openMs } = session.close;
  return {
    code: `${code}`,
    reason,
    by,
    wasClean: wasClean ? 'yes' : 'no',
    openMs: `${(openMs / 1_000).toFixed(1)} s`,
  };
}
