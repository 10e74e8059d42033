// The page: two connections, and all that goes over them.
import { json } from 'rxjs-ws';
import { EMPTY, filter, fromEvent, ignoreElements, map, merge, mergeMap, startWith, switchMap, tap } from 'rxjs';
import { type Entry, showEntry } from './log.ts';
import { panel } from './panel.ts';
import type { Tick } from './Tick.ts';

const element = <E extends HTMLElement>(id: string) => document.getElementById(id) as E;
...
