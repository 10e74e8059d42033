// Refuses /deny, greets, and answers each text with its reverse.
import { handle, listen } from 'rxjs-ws';
import { map, startWith } from 'rxjs';

const port = Number(process.env.PORT ?? 8080);
const graphemes = new Intl.Segmenter();
const reverse = (text: string) =>
  [...graphemes.segment(text)]
    .map(({ segment }) => segment)
    .reverse()
    .join('');

listen({ port, shouldUpgrade: ({ path }) => path !== '/deny', listening: ({ url }) => console.log(url) })
  .pipe(handle(({ text }) => text.pipe(map(reverse), startWith('Connected'))))
  .subscribe();
