import { Buffer } from 'node:buffer';
import { InvalidArgumentError } from '../../core/InvalidArgumentError.ts';
import { glob } from '../glob.ts';

/** How topics are named in NATS. */
export interface NatsNames {
  subject(topic: string): string;
  /** The topic of a subject; undefined for what is none of ours. */
  topic(subject: string): string | undefined;
  /** The subjects that a pattern may mean, and which of the topics there it means. */
  pattern(pattern: string): { subject: string; matches: (topic: string) => boolean };
}

/**
 * Subjects under `prefix`: a topic is cut at its colons into tokens (`room:lobby` is `room.lobby`), and what a token cannot have
 * is written as `=` and the byte. A pattern is a wider wildcard, of which the rest is left out here.
 */
export function natsNames(prefix: string): NatsNames {
  if (!/^[\w-]+(\.[\w-]+)*$/.test(prefix))
    throw new InvalidArgumentError(
      'the prefix of a NATS bus is letters, digits, - and _, in parts with dots between',
    );
  const before = `${prefix}.`;
  return {
    subject: (topic) =>
      before + (PLAIN_TOPIC.test(topic) ? topic.replaceAll(':', '.') : topic.split(':').map(token).join('.')),
    topic: (subject) => {
      if (!subject.startsWith(before)) return undefined;
      const rest = subject.slice(before.length);
      if (PLAIN_SUBJECT.test(rest)) return rest.replaceAll('.', ':');
      const tokens = rest.split('.');
      return tokens.every((each) => TOKEN.test(each)) ? tokens.map(text).join(':') : undefined;
    },
    pattern: (pattern) => {
      const [literal] = pattern.split('*') as [string];
      const whole = literal.split(':').slice(0, -1).map(token);
      const isLiteral = literal === pattern;
      return {
        subject: before + (isLiteral ? pattern.split(':').map(token).join('.') : [...whole, '>'].join('.')),
        matches: glob(pattern),
      };
    },
  };
}

// Most names need no rewriting.
const PLAIN_TOPIC = /^[\w-]+(:[\w-]+)*$/;
const PLAIN_SUBJECT = /^[\w-]+(\.[\w-]+)*$/;
const TOKEN = /^([\w-]|=[0-9A-F]{2})+$|^=$/;

function token(part: string): string {
  if (part === '') return '=';
  return part.replace(/[^\w-]/gu, (character) =>
    [...Buffer.from(character)]
      .map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

function text(part: string): string {
  if (part === '=') return '';
  return Buffer.from(
    part.replace(
      /=(..)|([^=])/g,
      (_, hex: string | undefined, plain: string) => hex ?? plain.charCodeAt(0).toString(16),
    ),
    'hex',
  ).toString();
}
